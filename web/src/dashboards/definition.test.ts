import { describe, expect, it } from 'vitest';
import { add, countWidgets, move, read, remove, resize, type Definition } from './definition';

const of = (...rows: string[][]): Definition => ({
  period: 'all',
  items: rows.map((ids) => ({
    type: 'container',
    items: ids.map((id) => ({ type: 'counter', id, options: { title: id } })),
  })),
});
const ids = ({ items }: Definition): string[][] => items.map((row) => row.items.map(({ id }) => id));

describe('a definition', () => {
  it('is read whoever wrote it', () => {
    for (const nonsense of [undefined, null, 3, [], 'x', { items: 3 }, { items: [3, { items: [{}] }] }]) {
      expect(read(nonsense).items).toEqual([]);
    }
    const twins = {
      items: [{ items: [{ type: 'donut', id: 'a' }, { type: 'bar', id: 'a' }, { type: 'x' }] }],
    };
    expect(ids(read(twins))).toEqual([['a', 'w2']]);
    expect(countWidgets(twins)).toBe(2);
    expect(read(twins).items[0]?.items[0]?.options.title).toBe('Donut');
  });

  it('moves its widgets by one place', () => {
    const definition = of(['a', 'b'], ['c']);
    expect(ids(move(definition, 'a', 'right'))).toEqual([['b', 'a'], ['c']]);
    expect(ids(move(definition, 'a', 'left'))).toEqual([['a', 'b'], ['c']]);
    expect(ids(move(definition, 'b', 'down'))).toEqual([['a'], ['c', 'b']]);
    expect(ids(move(definition, 'c', 'up'))).toEqual([['a', 'b', 'c']]);
    expect(ids(move(definition, 'c', 'down'))).toEqual([['a', 'b'], ['c']]);
    expect(ids(move(definition, 'a', 'up'))).toEqual([['a'], ['b'], ['c']]);
    const full = of(['a', 'b', 'c', 'd'], ['e', 'f']);
    expect(ids(move(full, 'f', 'up'))).toEqual([['a', 'b', 'c', 'd'], ['f'], ['e']]);
    expect(ids(definition)).toEqual([['a', 'b'], ['c']]);
  });

  it('grows and shrinks', () => {
    const { definition, id } = add(of(['a', 'b', 'c']), 'donut');
    expect(ids(definition)).toEqual([['a', 'b', 'c'], [id]]);
    expect(ids(remove(definition, id))).toEqual([['a', 'b', 'c']]);
    const wide = resize(resize(resize(definition, id, 1), id, 1), id, 1);
    expect(wide.items[1]?.items[0]?.options.width).toBe(3);
  });
});
