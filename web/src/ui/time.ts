/** Times in words, in the browser's zone and on a 24-hour clock. */

import { dates } from './date-format.svelte';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Made once: each costs as much as a hundred uses of it, and a list has two times in each row.
const inWords = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const inFull = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' });

/** "a few seconds ago", "3 hours ago", "in 2 days"; beyond four weeks the date. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at);
  const say = (amount: string) => (at > now ? `in ${amount}` : `${amount} ago`);
  if (distance < 45_000) return say('a few seconds');
  if (distance < HOUR - MINUTE / 2) return say(count(distance / MINUTE, 'minute'));
  if (distance < DAY - HOUR / 2) return say(count(distance / HOUR, 'hour'));
  if (distance < 28 * DAY) return say(count(distance / DAY, 'day'));
  return shortDate(at);
}

/** The same in little room: "just now", "5 min ago", "3 h ago", "in 2 d"; beyond four weeks the date. */
export function compactTime(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance >= 28 * DAY) return shortDate(at);
  if (distance < MINUTE / 2) return 'just now';
  return at > now ? `in ${span(distance)}` : `${span(distance)} ago`;
}

/** A length of time in its largest unit: "5 min", "3 h", "40 d". */
export function span(ms: number): string {
  const whole = (unit: number) => String(Math.max(1, Math.round(ms / unit)));
  if (ms < HOUR - MINUTE / 2) return `${whole(MINUTE)} min`;
  if (ms < DAY - HOUR / 2) return `${whole(HOUR)} h`;
  return `${whole(DAY)} d`;
}

function count(amount: number, unit: string): string {
  const whole = Math.max(1, Math.round(amount));
  return whole === 1 ? `${unit === 'hour' ? 'an' : 'a'} ${unit}` : `${String(whole)} ${unit}s`;
}

/** "24 Nov 2026", or as the person prefers dates. */
export function shortDate(at: number): string {
  const date = new Date(at);
  const year = String(date.getFullYear());
  const month = padded(date.getMonth() + 1);
  const day = padded(date.getDate());
  switch (dates.format) {
    case 'words':
      return inWords.format(date);
    case 'iso':
      return `${year}-${month}-${day}`;
    case 'day-first':
      return `${day}/${month}/${year}`;
    case 'month-first':
      return `${month}/${day}/${year}`;
  }
}

/** "24 Nov 2026, 09:05". */
export function shortDateTime(at: number): string {
  const date = new Date(at);
  return `${shortDate(at)}, ${padded(date.getHours())}:${padded(date.getMinutes())}`;
}

const padded = (number: number): string => String(number).padStart(2, '0');

/** Everything, for a tooltip: "Tuesday, November 24, 2026 at 09:05:12 UTC". */
export function fullTime(at: number): string {
  return inFull.format(at);
}

/** A time for `<input type="datetime-local">`, in the browser's zone. */
export function toLocalInput(at: number | undefined): string {
  if (at === undefined) return '';
  const local = new Date(at - new Date(at).getTimezoneOffset() * MINUTE);
  return local.toISOString().slice(0, 16);
}

/** What the person chose in that input, or undefined when it is empty. */
export function fromLocalInput(text: string): number | undefined {
  if (text === '') return undefined;
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? undefined : at;
}

/** "2 d 3 h", "45 min": a length of time with at most two units. */
export function duration(ms: number): string {
  const units: [number, string][] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [1_000, 's'],
  ];
  const parts: string[] = [];
  let rest = Math.max(0, ms);
  for (const [length, unit] of units) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    if (whole > 0) parts.push(`${String(whole)} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length > 0 ? parts.join(' ') : '0 s';
}
