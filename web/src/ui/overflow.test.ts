import { describe, expect, it } from 'vitest';
import { fitting } from './overflow';

const WIDTHS = [50, 60, 70, 80];

describe('fitting', () => {
  const at = (room: number, current = 0) => fitting(WIDTHS, room, { gap: 4, more: 40, current });

  it('shows all that fit to the pixel, without room for a button that is not needed', () => {
    expect(at(272)).toEqual([0, 1, 2, 3]);
    expect(at(271)).toEqual([0, 1, 2]);
  });

  it('leaves room for the button with the others', () => {
    // 50 + 60 + 70 and the button, with three gaps.
    expect(at(232)).toEqual([0, 1, 2]);
    expect(at(231)).toEqual([0, 1]);
  });

  it('keeps the current one, whatever it takes the place of', () => {
    expect(at(232, 3)).toEqual([0, 3]);
    expect(at(10, 3)).toEqual([3]);
  });

  it('shows nothing that is not there', () => {
    expect(at(100, -1)).toEqual([0]);
    expect(fitting([], 100, { gap: 4, more: 40, current: 0 })).toEqual([]);
  });
});
