import { describe, expect, it } from 'vitest';
import { dates } from './date-format.svelte';
import {
  compactTime,
  duration,
  fromLocalInput,
  relativeTime,
  shortDate,
  shortDateTime,
  span,
  toLocalInput,
} from './time';

const NOW = Date.UTC(2026, 10, 24, 9, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('relativeTime', () => {
  it.each([
    [3_000, 'a few seconds ago'],
    [MINUTE, 'a minute ago'],
    [59 * MINUTE, '59 minutes ago'],
    [59.8 * MINUTE, 'an hour ago'],
    [5 * HOUR, '5 hours ago'],
    [DAY, 'a day ago'],
    [12 * DAY, '12 days ago'],
    [40 * DAY, '15 Oct 2026'],
    [-2 * DAY, 'in 2 days'],
    [-3_000, 'in a few seconds'],
  ])('says %d ms as "%s"', (distance, words) => {
    expect(relativeTime(NOW - distance, NOW)).toBe(words);
  });
});

describe('compactTime', () => {
  it.each([
    [3_000, 'just now'],
    [MINUTE, '1 min ago'],
    [59.8 * MINUTE, '1 h ago'],
    [5 * HOUR, '5 h ago'],
    [23.8 * HOUR, '1 d ago'],
    [40 * DAY, '15 Oct 2026'],
    [-2 * DAY, 'in 2 d'],
  ])('says %d ms as "%s"', (distance, words) => {
    expect(compactTime(NOW - distance, NOW)).toBe(words);
  });

  it('counts days without end in a span', () => {
    expect(span(400 * DAY)).toBe('400 d');
  });
});

describe('the local input', () => {
  it('goes there and back', () => {
    expect(toLocalInput(NOW)).toBe('2026-11-24T09:00');
    expect(fromLocalInput(toLocalInput(NOW))).toBe(NOW);
    expect(toLocalInput(undefined)).toBe('');
    expect(fromLocalInput('')).toBeUndefined();
  });
});

describe('duration', () => {
  it('has at most two units', () => {
    expect(duration(0)).toBe('0 s');
    expect(duration(45 * MINUTE)).toBe('45 min');
    expect(duration(2 * DAY + 3 * HOUR + 5 * MINUTE)).toBe('2 d 3 h');
    expect(duration(DAY + 5 * MINUTE)).toBe('1 d');
  });
});

describe('dates', () => {
  it.each([
    ['words', '24 Nov 2026'],
    ['iso', '2026-11-24'],
    ['day-first', '24/11/2026'],
    ['month-first', '11/24/2026'],
  ] as const)('are written as chosen: %s', (format, text) => {
    dates.format = format;
    expect(shortDate(NOW)).toBe(text);
    expect(shortDateTime(NOW)).toBe(`${text}, 09:00`);
    dates.format = 'words';
  });
});
