import { expect, it } from 'vitest';
import { findOptions } from './options';

const people = [
  { value: 'admin@x.y', label: 'Default admin user', detail: 'admin@x.y' },
  { value: 'analyst@x.y', label: 'Analyst', detail: 'analyst@x.y' },
  { value: 'second@x.y', label: 'Second analyst', detail: 'second@x.y' },
];
const found = (typed: string) => findOptions(people, typed).map(({ label }) => label);

it('finds by any word of name or login, the beginning first', () => {
  expect(found('')).toHaveLength(3);
  expect(found('analyst')).toEqual(['Analyst', 'Second analyst']);
  expect(found('admin def')).toEqual(['Default admin user']);
  expect(found('nobody')).toEqual([]);
});
