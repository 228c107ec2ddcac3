import { describe, expect, it } from 'vitest';
import {
  decode,
  encode,
  isComplete,
  narrow,
  operatorsFor,
  toFilter,
  without,
  type Condition,
  type Conditions,
} from './conditions';
import type { Attribute } from './definition';

const attributes: Attribute[] = [
  { name: 'severity', type: 'enumeration', cardinality: 'single', values: [1, 2, 3, 4], labels: [] },
  { name: 'status', type: 'enumeration', cardinality: 'single', values: ['New', 'InProgress'], labels: [] },
  { name: 'assignee', type: 'user', cardinality: 'option' },
  { name: 'title', type: 'string', cardinality: 'single' },
  { name: 'tags', type: 'string', cardinality: 'list' },
  { name: 'flag', type: 'boolean', cardinality: 'single' },
  { name: 'number', type: 'integer', cardinality: 'single' },
  { name: 'dueDate', type: 'date', cardinality: 'option' },
];

const is = (field: string, operator: Condition['operator'], ...values: string[]): Condition => ({
  field,
  operator,
  values,
});

describe('the URL form', () => {
  it('can be read by a person', () => {
    const conditions = [
      [is('severity', 'any', '3', '4'), is('assignee', 'any', 'analyst@thehive.local')],
      [is('flag', 'yes')],
    ];
    expect(encode(conditions)).toBe('severity:any:3,4;assignee:any:analyst@thehive.local|flag:yes');
  });

  it.each<[string, Conditions]>([
    ['separators in values', [[is('title', 'contains', 'a,b;c|d:e\\f')]]],
    ['emoji and right-to-left text', [[is('tags', 'any', '🐝', 'שלום')]]],
    ['no value', [[is('assignee', 'empty')], [is('flag', 'no'), is('tags', 'filled')]]],
    ['nothing', []],
  ])('brings back %s', (_what, conditions) => {
    expect(decode(encode(conditions))).toEqual(conditions);
  });

  it('leaves out what makes no sense', () => {
    expect(decode('severity:hack:3;title;:any:x;number:is;flag:yes')).toEqual([[is('flag', 'yes')]]);
    expect(decode('||;;')).toEqual([]);
  });
});

describe('toFilter', () => {
  it('gives values the types of their attributes', () => {
    expect(toFilter([[is('severity', 'any', '3', '4')]], attributes)).toEqual({
      _in: { _field: 'severity', _values: [3, 4] },
    });
    expect(toFilter([[is('status', 'none', 'New')]], attributes)).toEqual({
      _not: { _in: { _field: 'status', _values: ['New'] } },
    });
    expect(toFilter([[is('title', 'is', '12')]], attributes)).toEqual({
      _eq: { _field: 'title', _value: '12' },
    });
  });

  it('joins conditions by and, groups by or', () => {
    const filter = toFilter(
      [[is('flag', 'yes'), is('title', 'contains', 'phish')], [is('assignee', 'empty')]],
      attributes,
    );
    expect(filter).toEqual({
      _or: [
        {
          _and: [{ _eq: { _field: 'flag', _value: true } }, { _like: { _field: 'title', _value: 'phish' } }],
        },
        { _not: { _has: 'assignee' } },
      ],
    });
  });

  it('takes both ends of a range in', () => {
    expect(toFilter([[is('number', 'between', '1', '3')]], attributes)).toEqual({
      _and: [{ _gte: { _field: 'number', _value: 1 } }, { _lte: { _field: 'number', _value: 3 } }],
    });
  });

  it('lets the server compute relative dates', () => {
    expect(toFilter([[is('dueDate', 'last', '7')]], attributes)).toEqual({
      _gte: { _field: 'dueDate', _value: { amount: 7, unit: 'days', look: 'behind' } },
    });
  });

  it('asks for every tag of "all of"', () => {
    expect(toFilter([[is('tags', 'all', 'a', 'b')]], attributes)).toEqual({
      _and: [{ _eq: { _field: 'tags', _value: 'a' } }, { _eq: { _field: 'tags', _value: 'b' } }],
    });
  });

  it('passes over unknown fields and unfinished conditions', () => {
    expect(toFilter([[is('nonsense', 'yes'), is('title', 'is', '')]], attributes)).toBeUndefined();
  });
});

describe('conditions', () => {
  it('offers "is empty" only where a value may be absent', () => {
    const operators = (name: string) => {
      const attribute = attributes.find((candidate) => candidate.name === name);
      return attribute ? operatorsFor(attribute) : [];
    };
    expect(operators('assignee')).toContain('empty');
    expect(operators('severity')).not.toContain('empty');
    expect(operators('flag')).toEqual(['yes', 'no']);
  });

  it('is complete with as many values as its operator takes', () => {
    expect(isComplete(is('number', 'between', '1'))).toBe(false);
    expect(isComplete(is('number', 'between', '1', '2'))).toBe(true);
    expect(isComplete(is('tags', 'any'))).toBe(false);
    expect(isComplete(is('flag', 'yes'))).toBe(true);
  });

  it('narrows every alternative and takes away again', () => {
    const before = [[is('flag', 'yes')], [is('title', 'is', 'x')]];
    const severe = is('severity', 'any', '4');
    const narrowed = narrow(before, severe);
    expect(narrowed.map((group) => group.length)).toEqual([2, 2]);
    expect(narrow(narrowed, is('severity', 'any', '1'))[0]).toEqual([
      is('flag', 'yes'),
      is('severity', 'any', '1'),
    ]);
    expect(without(narrowed, severe)).toEqual(before);
  });
});
