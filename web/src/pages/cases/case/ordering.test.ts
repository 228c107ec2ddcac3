import { describe, expect, it } from 'vitest';
import type { Task } from '../../../api/types';
import { grouped, moved, ordered, type NewPlace } from './ordering';

const task = (id: string, order: number, group = 'default'): Task => ({
  _id: id,
  _type: 'Task',
  _createdBy: 'a@x.org',
  _createdAt: id.charCodeAt(0),
  extraData: {},
  title: id,
  group,
  status: 'Waiting',
  flag: false,
  order,
  mandatory: false,
});

const tasks = (orders: readonly number[]) =>
  orders.map((order, index) => task('abcdef'.charAt(index), order));

/** The order of ids once the places are written. */
function apply(list: readonly Task[], places: readonly NewPlace[]): string {
  const now = list.map((one) => ({
    ...one,
    order: places.find(({ id }) => id === one._id)?.order ?? one.order,
  }));
  return ordered(now)
    .map(({ _id }) => _id)
    .join('');
}

describe('moved', () => {
  it('moves down and up', () => {
    const list = tasks([0, 1, 2, 3]);
    expect(apply(list, moved(list, 'a', 'c'))).toBe('bcad');
    expect(apply(list, moved(list, 'd', 'b'))).toBe('adbc');
    expect(apply(list, moved(list, 'a', 'b'))).toBe('bacd');
  });

  it('writes only what lies between', () => {
    expect(moved(tasks([0, 1, 2, 3, 4]), 'b', 'd').map(({ id }) => id)).toEqual(['c', 'd', 'b']);
    expect(moved(tasks([0, 1, 2, 3, 4]), 'b', 'c').map(({ id }) => id)).toEqual(['c', 'b']);
  });

  it('sorts out places that are shared', () => {
    for (const [id, target, result] of [
      ['a', 'd', 'bcda'],
      ['d', 'a', 'dabc'],
      ['b', 'c', 'acbd'],
    ] as const) {
      const list = tasks([0, 0, 0, 0]);
      expect(apply(list, moved(list, id, target))).toBe(result);
    }
  });

  it('copes with gaps', () => {
    const list = tasks([3, 10, 20, 30]);
    expect(apply(list, moved(list, 'd', 'b'))).toBe('adbc');
    expect(apply(list, moved(list, 'a', 'd'))).toBe('bcda');
  });

  it('does nothing where nothing moves', () => {
    const list = tasks([0, 1]);
    expect(moved(list, 'a', 'a')).toEqual([]);
    expect(moved(list, 'x', 'a')).toEqual([]);
  });
});

describe('grouped', () => {
  it('keeps the order within and among groups', () => {
    const list = [task('a', 0, 'two'), task('b', 1, 'one'), task('c', 2, 'two')];
    const names = grouped(list).map(
      ({ name, tasks: members }) => `${name}:${members.map((m) => m._id).join('')}`,
    );
    expect(names).toEqual(['two:ac', 'one:b']);
  });
});
