/**
 * The stack of modal dialogs. All outside the one on top is inert, floating things
 * included, so whatever has to stay usable over it (the toasts) must move into it.
 */
import { untrack } from 'svelte';

class Modals {
  private stack = $state.raw<readonly HTMLDialogElement[]>([]);
  /** Where the focus was when each was opened. */
  private readonly openers = new WeakMap<HTMLDialogElement, Element>();

  /** The dialog on top, if any is open. */
  get top(): HTMLDialogElement | undefined {
    return this.stack.at(-1);
  }

  /**
   * Shows a dialog over everything and asks the owner to close it on Esc; returns how
   * to take it away, which gives the focus back to where it was. For an attachment: `(dialog) => modals.open(dialog, () => onclose())`.
   */
  open(dialog: HTMLDialogElement, onclose: () => void): () => void {
    const controller = new AbortController();
    const { signal } = controller;
    const ask = (event: Event): void => {
      // A file chooser inside that was left without a choice says "cancel" too.
      if (event.target !== dialog) return;
      event.preventDefault();
      onclose();
    };
    dialog.addEventListener('cancel', ask, { signal });
    // The browser closes a dialog on a second Esc without asking. Our own closing below is not heard.
    dialog.addEventListener('close', onclose, { signal });
    if (document.activeElement) this.openers.set(dialog, document.activeElement);
    dialog.showModal();
    untrack(() => (this.stack = [...this.stack, dialog]));
    return () => {
      controller.abort();
      untrack(() => (this.stack = this.stack.filter((other) => other !== dialog)));
      dialog.close();
      // The browser does so only for a dialog that is still on the page, which this one need not be.
      const opener = this.openerOf(dialog);
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }

  /** What opened it; for a dialog that took another one's place, what opened that. */
  private openerOf(dialog: HTMLDialogElement): Element | undefined {
    const opener = this.openers.get(dialog);
    if (!opener || opener.isConnected) return opener;
    const before = opener.closest('dialog');
    return before && before !== dialog ? this.openerOf(before) : undefined;
  }
}

export const modals = new Modals();
