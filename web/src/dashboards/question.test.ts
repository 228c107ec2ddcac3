import { describe, expect, it } from 'vitest';
import { conditionsOf, listOf, operations, subjects } from './question';

const period = { from: 10, to: undefined };
const subject = (options: object) => {
  const [only] = subjects({ title: 't', entity: 'case', ...options });
  if (!only) throw new Error('no subject');
  return only;
};

describe('a widget', () => {
  it('asks for what is in its period', () => {
    const asked = subject({ dateField: '_createdAt', filter: { _field: 'stage', _value: 'New' } });
    expect(operations(asked, 'listCase', period)).toEqual([
      { _name: 'listCase' },
      {
        _name: 'filter',
        _and: [{ _field: 'stage', _value: 'New' }, { _gte: { _field: '_createdAt', _value: 10 } }],
      },
    ]);
    expect(operations(subject({}), 'listCase', period)).toEqual([{ _name: 'listCase' }]);
  });

  it('leaves out what has no date, when it looks at all time', () => {
    const ever = { from: undefined, to: undefined };
    const closed = subject({ dateField: 'closedDate' });
    expect(operations(closed, 'listCase', ever)).toEqual([
      { _name: 'listCase' },
      { _name: 'filter', _has: 'closedDate' },
    ]);
    expect(operations(subject({ dateField: '_createdAt' }), 'listCase', ever)).toHaveLength(1);
    expect(listOf(closed, ever, [], () => true)).toBe(
      `/cases?where=${encodeURIComponent('closedDate:filled')}`,
    );
  });

  it('has a line for each of its series', () => {
    const lines = subjects({
      title: 't',
      entity: 'case',
      series: [{ label: 'a' }, { label: 'b', entity: 'alert' }],
    });
    expect(lines.map(({ label, entity }) => `${label} ${entity}`)).toEqual(['a case', 'b alert']);
  });

  it('leads to the list of what it counts', () => {
    const counted = subject({
      dateField: '_createdAt',
      filter: { _in: { _field: 'stage', _values: ['New', 'X'] } },
    });
    expect(listOf(counted, period, [], () => true)).toBe(
      `/cases?where=${encodeURIComponent('stage:any:New,X;_createdAt:after:10')}`,
    );
    expect(listOf(counted, period, [], () => false)).toBeUndefined();
    expect(listOf(subject({ entity: 'procedure' }), period, [], () => true)).toBeUndefined();
    expect(listOf(subject({}), period, [], () => true)).toBe('/cases');
  });
});

describe('a filter', () => {
  it('is put in the words of the lists where they have them', () => {
    const table: [object, string | undefined][] = [
      [{}, ''],
      [{ _field: 'flag', _value: true }, 'flag yes '],
      [{ _eq: { _field: 'tags', _value: 'a' } }, 'tags any a'],
      [{ _has: 'assignee' }, 'assignee filled '],
      [{ _not: { _has: 'assignee' } }, 'assignee empty '],
      [{ _not: { _in: { _field: 'status', _values: ['a', 'b'] } } }, 'status none a,b'],
      [{ _or: [] }, undefined],
      [{ _gte: { _field: '_createdAt', _value: { amount: 1 } } }, undefined],
    ];
    for (const [filter, expected] of table) {
      const found = conditionsOf(filter as never);
      const words = found?.map(({ field, operator, values }) => `${field} ${operator} ${values.join(',')}`);
      expect(words?.join(';'), JSON.stringify(filter)).toBe(expected);
    }
  });
});
