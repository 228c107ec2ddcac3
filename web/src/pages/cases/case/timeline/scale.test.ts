import { describe, expect, it } from 'vitest';
import { around, marks, moved, precision, spot, stacked, xOf, zoomed } from './scale';

const HOUR = 3_600_000;

describe('the window', () => {
  it('has a margin around everything, even around a single moment', () => {
    const window = around([10 * HOUR]);
    expect(window.from).toBeLessThan(10 * HOUR);
    expect(window.to).toBeGreaterThan(10 * HOUR);
    expect(xOf(10 * HOUR, window, 100)).toBeCloseTo(50);
  });

  it('keeps the time under the pointer where it is', () => {
    const window = { from: 0, to: 100 * HOUR };
    const closer = zoomed(window, 0.5, 25 * HOUR);
    expect(xOf(25 * HOUR, closer, 200)).toBeCloseTo(xOf(25 * HOUR, window, 200));
    expect(closer.to - closer.from).toBeCloseTo(50 * HOUR);
    expect(zoomed({ from: 0, to: 1_000 }, 0.1).to).toBeGreaterThan(30_000);
    expect(moved(window, 0.5)).toEqual({ from: 50 * HOUR, to: 150 * HOUR });
  });

  it('has marks at round times of its zone', () => {
    const found = marks({ from: 0.5 * HOUR, to: 24 * HOUR }, 1_000, HOUR);
    expect(found.length).toBeGreaterThan(3);
    expect(found.every((at) => (at + HOUR) % (3 * HOUR) === 0)).toBe(true);
    expect(precision(found)).toBe('minute');
    expect(precision([0, 24 * HOUR])).toBe('day');
  });
});

describe('a lane', () => {
  it('stacks what would lie on each other', () => {
    const spots = [spot('a', 0, 50, 20, 500), spot('b', 10, 10, 20, 500), spot('c', 90, 90, 20, 500)];
    expect(stacked(spots).map(({ item, row }) => [item, row])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 0],
    ]);
  });

  it('has the words of the last things left of them', () => {
    const last = spot('a', 95, 95, 20, 100);
    expect([last.left, last.right]).toEqual([75, 95]);
    expect(stacked([last, spot('b', 90, 90, 20, 500)]).map(({ row }) => row)).toEqual([0, 1]);
  });
});
