import { expect, it } from 'vitest';
import { fileNameIn } from './export';

it('takes the name of a file in full', () => {
  expect(fileNameIn(`attachment; filename="F_lle.csv"; filename*=UTF-8''F%C3%A4lle%201.csv`)).toBe(
    'Fälle 1.csv',
  );
  expect(fileNameIn(`attachment; filename="a.csv"; filename*=UTF-8''a.csv; size=3`)).toBe('a.csv');
  expect(fileNameIn('attachment')).toBeUndefined();
  expect(fileNameIn(null)).toBeUndefined();
});
