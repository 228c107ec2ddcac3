/**
 * A short hint on hover and keyboard focus: `{@attach tooltip('Close case')}`. It
 * repeats or adds to an accessible name and never replaces one.
 */
import type { Attachment } from 'svelte/attachments';
import { place, type Placement } from './floating';

const DELAY = 350;

let bubble: HTMLElement | undefined;

/**
 * Whether the focus is moved by who sits at the keyboard. What takes it because a drawer
 * opened needs no hint: it would lie on what one came to read.
 */
let isTabbing = false;
document.addEventListener('keydown', (event) => (isTabbing = event.key === 'Tab'), { capture: true });

export function tooltip(text: string | undefined, placement: Placement = {}): Attachment<HTMLElement> {
  return (element) => {
    if (!text) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => open(element, text, { align: 'center', ...placement });
    const hide = () => {
      clearTimeout(timer);
      close();
    };
    const listeners: [string, (event: Event) => void][] = [
      [
        'pointerenter',
        (event) => {
          if ((event as PointerEvent).pointerType === 'mouse') timer = setTimeout(show, DELAY);
        },
      ],
      [
        'focusin',
        () => {
          // Not at once: what takes the focus may be a menu that is just being shown.
          if (isTabbing && element.matches(':focus-visible')) timer = setTimeout(show);
        },
      ],
      ['pointerleave', hide],
      ['focusout', hide],
      ['pointerdown', hide],
      ['keydown', hide],
    ];
    for (const [name, listener] of listeners) element.addEventListener(name, listener);
    return () => {
      hide();
      for (const [name, listener] of listeners) element.removeEventListener(name, listener);
    };
  };
}

function open(anchor: HTMLElement, text: string, placement: Placement): void {
  close();
  bubble = document.createElement('div');
  bubble.className = 'tooltip';
  bubble.popover = 'manual';
  // The same words are the anchor's accessible name or visible text.
  bubble.setAttribute('aria-hidden', 'true');
  bubble.textContent = text;
  (anchor.closest('dialog') ?? document.body).append(bubble);
  bubble.showPopover();
  place(bubble, anchor, placement);
}

function close(): void {
  bubble?.remove();
  bubble = undefined;
}
