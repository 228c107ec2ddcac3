/** Puts a floating element (a popover, in the top layer) beside what it belongs to. */

const GAP = 4;
const MARGIN = 8;

export interface Placement {
  /** Which edge of the anchor it lines up with. */
  align?: 'start' | 'end' | 'center';
  side?: 'below' | 'above' | 'right';
  /** At least as wide as the anchor. */
  matchWidth?: boolean;
}

export function place(floating: HTMLElement, anchor: Element, placement: Placement = {}): void {
  const { align = 'start', side = 'below', matchWidth = false } = placement;
  const box = anchor.getBoundingClientRect();
  floating.style.setProperty('position', 'fixed');
  floating.style.setProperty('margin', '0');
  floating.style.setProperty('inset', 'auto');
  if (matchWidth) floating.style.setProperty('min-width', `${String(box.width)}px`);

  const { offsetWidth: width, offsetHeight: height } = floating;
  const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
  let left =
    align === 'start' ? box.left : align === 'end' ? box.right - width : box.left + (box.width - width) / 2;
  let top = side === 'above' ? box.top - height - GAP : box.bottom + GAP;
  if (side === 'right') {
    left = box.right + GAP * 2;
    top = box.top + (box.height - height) / 2;
  } else if (top + height > room.height - MARGIN && box.top - height - GAP >= MARGIN) {
    top = box.top - height - GAP;
  }
  floating.style.setProperty('left', px(clamp(left, room.width - width - MARGIN)));
  floating.style.setProperty('top', px(clamp(top, room.height - height - MARGIN)));
}

const clamp = (value: number, most: number): number => Math.max(MARGIN, Math.min(value, most));
const px = (value: number): string => `${String(Math.round(value))}px`;
