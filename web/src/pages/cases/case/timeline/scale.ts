/** From time to place in the picture: the window that is shown, its marks, and what lies where. Pure. */

export interface Window {
  from: number;
  to: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The shortest time that fills the picture. */
const SHORTEST = MINUTE;

/** Distances of marks that people can read. */
const STEPS = [
  SECOND,
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  91 * DAY,
  182 * DAY,
  365 * DAY,
  1_826 * DAY,
  3_652 * DAY,
  36_525 * DAY,
];

/** The window that shows all of these times, with a margin. */
export function around(times: readonly number[]): Window {
  const from = Math.min(...times);
  const to = Math.max(...times);
  if (times.length === 0) return { from: 0, to: DAY };
  const margin = Math.max((to - from) * 0.06, 10 * MINUTE);
  return { from: from - margin, to: to + margin };
}

/** The window `factor` times as long, with the time at `middle` where it was. */
export function zoomed(window: Window, factor: number, middle = (window.from + window.to) / 2): Window {
  const length = window.to - window.from;
  const next = Math.max(SHORTEST, length * factor);
  const share = (middle - window.from) / length;
  const from = middle - next * share;
  return { from, to: from + next };
}

/** The window moved by a share of its length. */
export function moved({ from, to }: Window, share: number): Window {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
}

export const xOf = (at: number, { from, to }: Window, width: number): number =>
  ((at - from) / (to - from)) * width;

/** Marks at round times, in the zone `offset` ms ahead of UTC, at least `apart` px from each other. */
export function marks(window: Window, width: number, offset: number, apart = 110): number[] {
  const wanted = ((window.to - window.from) * apart) / Math.max(1, width);
  const step = STEPS.find((one) => one >= wanted) ?? STEPS.at(-1) ?? DAY;
  const first = Math.ceil((window.from + offset) / step) * step - offset;
  const found: number[] = [];
  for (let at = first; at <= window.to && found.length < 100; at += step) found.push(at);
  return found;
}

/** Whether marks so far apart need the time of day, or its seconds. */
export function precision(found: readonly number[]): 'second' | 'minute' | 'day' {
  const step = (found[1] ?? 0) - (found[0] ?? 0);
  if (found.length > 1 && step < MINUTE) return 'second';
  return found.length > 1 && step >= DAY ? 'day' : 'minute';
}

/** A thing in the picture, and the room it takes with its words, from left to right. */
export interface Spot<T> {
  item: T;
  x: number;
  /** The end of a span, or the same as `x`. */
  end: number;
  left: number;
  right: number;
}

export interface Placed<T> extends Spot<T> {
  /** The row within the lane; things that would lie on each other are in different ones. */
  row: number;
}

/** Words stand right of a thing, and left of it where the picture ends. */
export function spot<T>(item: T, x: number, end: number, room: number, edge: number): Spot<T> {
  const isLast = end + room > edge;
  return { item, x, end, left: isLast ? x - room : x, right: isLast ? end : end + room };
}

/** Puts the things of a lane into as few rows as keeps them apart. */
export function stacked<T>(spots: readonly Spot<T>[]): Placed<T>[] {
  const ends: number[] = [];
  return [...spots]
    .sort((a, b) => a.left - b.left)
    .map((one) => {
      let row = ends.findIndex((free) => free <= one.left);
      if (row < 0) row = ends.length;
      ends[row] = one.right;
      return { ...one, row };
    });
}
