import { describe, expect, it } from 'vitest';
import type { Observable } from '../api/types';
import { pairs, similarityWords, typesOf } from './likeness';

const some = {
  similarObservableCount: 3,
  observableCount: 8,
  similarIocCount: 1,
  iocCount: 2,
  observableTypes: { url: 1, ip: 2, domain: 1 },
};

describe('similarityWords', () => {
  it('tells of IOCs only where there are some', () => {
    expect(similarityWords(some)).toBe('3 of its 8 observables are in common, 1 of its 2 IOCs');
    const single = { ...some, similarObservableCount: 1, observableCount: 1, iocCount: 0 };
    expect(similarityWords(single)).toBe('1 of its 1 observable is in common');
  });
});

describe('typesOf', () => {
  it('has the most first, and those with as many by their name', () => {
    expect(typesOf(some).map(({ type }) => type)).toEqual(['ip', 'domain', 'url']);
  });
});

describe('pairs', () => {
  const value = (_id: string, dataType: string, data: string) => ({ _id, dataType, data }) as Observable;
  const file = (_id: string, id: string) =>
    ({ _id, dataType: 'file', attachment: { id, name: `${_id}.eml` } }) as Observable;

  it('joins by type and value, and files by what is in them', () => {
    const here = [value('a', 'ip', '10.0.0.1'), file('b', 'e3b0'), value('c', 'other', 'x')];
    const there = [file('d', 'e3b0'), value('e', 'ip', '10.0.0.1'), value('f', 'domain', 'x')];
    expect(pairs(here, there).map((one) => [one.here._id, one.there?._id])).toEqual([
      ['a', 'e'],
      ['b', 'd'],
      ['c', undefined],
    ]);
  });
});
