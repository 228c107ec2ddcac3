/**
 * Draws only the rows that are in sight, for pages too long to draw whole. All rows
 * of a list have one height, so TanStack's core needs no measuring.
 */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';

/** Shorter pages are drawn whole: find-in-page then works, and it is as quick. */
export const VIRTUAL_FROM = 60;

export class VirtualRows {
  first = $state(0);
  /** One past the last drawn row. */
  last = $state(0);
  before = $state(0);
  after = $state(0);

  private virtualizer: Virtualizer<HTMLElement, Element> | undefined;

  /** Starts watching a scrolling element; returns how to stop. */
  watch(scroller: HTMLElement, count: number, rowHeight: number): () => void {
    const virtualizer = new Virtualizer<HTMLElement, Element>({
      count,
      getScrollElement: () => scroller,
      estimateSize: () => rowHeight,
      overscan: 12,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.update(virtualizer),
    });
    this.virtualizer = virtualizer;
    const unmount = virtualizer._didMount();
    virtualizer._willUpdate();
    this.update(virtualizer);
    return unmount;
  }

  /** Brings a row into sight, and so into the document. */
  reveal(index: number): void {
    this.virtualizer?.scrollToIndex(index);
  }

  private update(virtualizer: Virtualizer<HTMLElement, Element>): void {
    const items = virtualizer.getVirtualItems();
    const [top] = items;
    const bottom = items.at(-1);
    this.first = top?.index ?? 0;
    this.last = (bottom?.index ?? -1) + 1;
    this.before = top?.start ?? 0;
    this.after = virtualizer.getTotalSize() - (bottom?.end ?? 0);
  }
}
