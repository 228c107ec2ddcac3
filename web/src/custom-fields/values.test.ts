import { describe, expect, it } from 'vitest';
import type { CustomField } from '../api/types';
import { filled, grouped, optionsOf, parsed, words } from './values';

const field = (name: string, group: string): CustomField =>
  ({
    name,
    group,
    displayName: name,
    type: 'string',
    options: [],
    mandatory: false,
  }) as unknown as CustomField;

describe('values of custom fields', () => {
  const known = new Map([
    ['a', field('a', 'Two')],
    ['b', field('b', 'One')],
  ]);

  it('come together by their field, an empty one without a value', () => {
    const held = [
      { name: 'a', value: 'x' },
      { name: 'b', value: null },
      { name: 'gone', value: 1 },
      { name: 'a', value: 'y' },
    ];
    const found = filled(held, (name) => known.get(name));
    expect(found.map(({ field: { name }, values }) => [name, values])).toEqual([
      ['a', ['x', 'y']],
      ['b', []],
    ]);
    expect(grouped(found, (one) => one.field.group).map(({ group }) => group)).toEqual(['One', 'Two']);
  });

  it('are read from what is typed', () => {
    expect(parsed(' 12 ', 'integer')).toBe(12);
    expect(parsed('1.5', 'integer')).toBeUndefined();
    expect(parsed('1.5', 'float')).toBe(1.5);
    expect(parsed('', 'string')).toBeNull();
    expect(optionsOf('1\n\n 2 \n', 'integer')).toEqual([1, 2]);
    expect(optionsOf('a', 'integer')).toBeUndefined();
  });

  it('have words', () => {
    expect(words(true, 'boolean', String)).toBe('Yes');
    expect(words(5, 'date', (at) => `at ${String(at)}`)).toBe('at 5');
    expect(words(null, 'string', String)).toBe('');
  });
});
