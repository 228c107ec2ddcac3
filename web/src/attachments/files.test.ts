import { describe, expect, it } from 'vitest';
import type { Attachment } from '../api/types';
import { isShowable, sizeOf } from './files';

describe('sizeOf', () => {
  it('is written in the largest unit that fits', () => {
    expect([0, 999, 1_000, 1_440, 25_000, 3_500_000_000].map(sizeOf)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.4 kB',
      '25 kB',
      '3.5 GB',
    ]);
  });
});

describe('isShowable', () => {
  it('is true of pictures and texts, within a size', () => {
    const file = (contentType: string, size = 10) => ({ contentType, size }) as Attachment;
    expect(isShowable(file('image/png'))).toBe(true);
    expect(isShowable(file('text/html'))).toBe(true);
    expect(isShowable(file('application/json'))).toBe(true);
    expect(isShowable(file('application/x-msdownload'))).toBe(false);
    expect(isShowable(file('image/png', 5_000_000))).toBe(false);
  });
});
