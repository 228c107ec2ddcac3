import { expect, it } from 'vitest';
import { decodeSort, encodeSort, nextSort, type Sort } from './sorting';

it('cycles ascending, descending, none, one field at a time', () => {
  const up = nextSort(undefined, 'severity');
  expect(up).toEqual({ field: 'severity', direction: 'asc' });
  const down = nextSort(up, 'severity');
  expect(down).toEqual({ field: 'severity', direction: 'desc' });
  expect(nextSort(down, 'severity')).toBeUndefined();
  expect(nextSort(down, 'title')).toEqual({ field: 'title', direction: 'asc' });
});

it.each<Sort>([
  { field: '_createdAt', direction: 'desc' },
  { field: 'title', direction: 'asc' },
])('is kept in the URL', (sort) => {
  expect(decodeSort(encodeSort(sort))).toEqual(sort);
});

it('tells "no order" from "nothing chosen"', () => {
  expect(decodeSort(encodeSort(undefined))).toBe('none');
  expect(decodeSort(null)).toBeUndefined();
});
