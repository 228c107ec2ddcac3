/** Focus as a thing to attach: HTML's own `autofocus` works only on page load and in dialogs. */
import type { Attachment } from 'svelte/attachments';

export function initialFocus(wanted: boolean): Attachment<HTMLElement> {
  return (element) => {
    if (!wanted) return;
    // Dialogs opened with showModal look for this attribute; elsewhere focus() does it.
    element.setAttribute('autofocus', '');
    queueMicrotask(() => element.focus());
  };
}
