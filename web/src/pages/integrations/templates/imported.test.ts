import { expect, it } from 'vitest';
import { importedOf } from './imported';

it('tells how many templates of an archive were taken, and which were not', () => {
  expect(importedOf({ MaxMind_4_0: true })).toEqual({ said: '1 analyzer template imported', failures: [] });
  const { said, failures } = importedOf({ b: false, c: true, a: false, d: true });
  expect(said).toBe('2 analyzer templates imported');
  expect(failures.map(({ name }) => name)).toEqual(['a', 'b']);
});
