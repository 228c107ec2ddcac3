import { expect, it } from 'vitest';
import { tagText } from './text';

it('writes a tag as entities carry it', () => {
  expect(tagText({ namespace: '_freetags_7', predicate: 'red' })).toBe('red');
  expect(tagText({ namespace: 'tlp', predicate: 'red' })).toBe('tlp:red');
  expect(tagText({ namespace: 'a', predicate: 'b', value: 'c' })).toBe('a:b="c"');
});
