import { expect, test } from 'vitest';
import type { Finding, Verdict } from '../../api/types';
import { summary, worstFirst } from './words';

const finding = (id: string, verdict: Verdict): Finding => ({ id, title: id, verdict, found: '' });

test('the worst comes first, and alike ones stay in their order', () => {
  const mixed = [
    finding('memory', 'ok'),
    finding('cores', 'warning'),
    finding('clock', 'unknown'),
    finding('database', 'critical'),
    finding('password', 'warning'),
  ];
  expect(worstFirst(mixed).map(({ id }) => id)).toEqual(['database', 'cores', 'password', 'clock', 'memory']);
});

test('it is said in one line how it stands', () => {
  expect(summary([finding('memory', 'ok')])).toBe('All is well');
  expect(summary([finding('a', 'warning'), finding('b', 'critical'), finding('c', 'warning')])).toBe(
    '1 critical, 2 to look at',
  );
  expect(summary([finding('a', 'unknown')])).toBe('1 not known');
});
