/**
 * What a list is filtered by, as the person built it: groups joined by OR, each a
 * row of conditions joined by AND. Here are the operators, the readable form in the
 * URL and the filter of the query language. Pure; the editor is `FilterEditor.svelte`.
 *
 *   where=severity:any:3,4;assignee:any:analyst@thehive.local|flag:yes
 */
import type { Attribute } from './definition';
import type { Filter, Scalar } from '../api/query';

export type Operator =
  | 'any'
  | 'none'
  | 'all'
  | 'is'
  | 'not'
  | 'contains'
  | 'starts'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'between'
  | 'before'
  | 'after'
  | 'last'
  | 'next'
  | 'yes'
  | 'no'
  | 'empty'
  | 'filled';

export interface Condition {
  field: string;
  operator: Operator;
  values: string[];
}

/** Groups are alternatives; within a group all conditions hold. */
export type Conditions = Condition[][];

/** The words of each operator, in the editor and on chips. */
export const OPERATOR_LABELS: Record<Operator, string> = {
  any: 'any of',
  none: 'none of',
  all: 'all of',
  is: 'is',
  not: 'is not',
  contains: 'contains',
  starts: 'starts with',
  lt: 'less than',
  lte: 'at most',
  gt: 'more than',
  gte: 'at least',
  between: 'between',
  before: 'before',
  after: 'after',
  last: 'in the last days',
  next: 'in the next days',
  yes: 'yes',
  no: 'no',
  empty: 'is empty',
  filled: 'is not empty',
};

const OPTIONAL: readonly Operator[] = ['empty', 'filled'];

/** How many values an operator takes: none, one, two, or as many as chosen. */
export function arity(operator: Operator): 0 | 1 | 2 | 'many' {
  if (['yes', 'no', 'empty', 'filled'].includes(operator)) return 0;
  if (operator === 'between') return 2;
  return ['any', 'none', 'all'].includes(operator) ? 'many' : 1;
}

/** The operators that make sense for an attribute; the first is the default. */
export function operatorsFor(attribute: Attribute): Operator[] {
  const optional = attribute.cardinality === 'single' ? [] : OPTIONAL;
  if (attribute.type === 'boolean') return ['yes', 'no'];
  if (attribute.type === 'date') return ['after', 'before', 'between', 'last', 'next', ...optional];
  if (attribute.type === 'enumeration' || attribute.type === 'user') return ['any', 'none', ...optional];
  if (attribute.type === 'integer' || attribute.type === 'float') {
    return ['is', 'not', 'gte', 'lte', 'gt', 'lt', 'between', ...optional];
  }
  if (attribute.cardinality === 'list') {
    return ['any', 'all', 'none', ...OPTIONAL];
  }
  return ['contains', 'is', 'not', 'starts', ...optional];
}

/** True once the condition says something; unfinished rows of the editor do not. */
export function isComplete({ operator, values }: Condition): boolean {
  const needed = arity(operator);
  const given = values.filter((value) => value !== '').length;
  return needed === 'many' ? given > 0 : given >= needed;
}

export function count(conditions: Conditions): number {
  return conditions.reduce((sum, group) => sum + group.length, 0);
}

/** The same conditions without unfinished ones and empty groups. */
export function tidy(conditions: Conditions): Conditions {
  return conditions.map((group) => group.filter(isComplete)).filter((group) => group.length > 0);
}

/** Adds a condition to every alternative, replacing one on the same field and operator. */
export function narrow(conditions: Conditions, condition: Condition): Conditions {
  const same = (other: Condition) => other.field === condition.field && other.operator === condition.operator;
  const groups = conditions.length === 0 ? [[]] : conditions;
  return groups.map((group) => [...group.filter((other) => !same(other)), condition]);
}

/** Takes one condition away. */
export function without(conditions: Conditions, condition: Condition): Conditions {
  return tidy(conditions.map((group) => group.filter((other) => other !== condition)));
}

const SPECIAL = /[\\,;|:]/g;

/** For the URL; `decode` reads it back. */
export function encode(conditions: Conditions): string {
  const one = ({ field, operator, values }: Condition) =>
    [field, operator, ...(values.length > 0 ? [values.map(escape).join(',')] : [])].join(':');
  return conditions.map((group) => group.map(one).join(';')).join('|');
}

/** Reads what a person may have edited by hand: what makes no sense is left out. */
export function decode(text: string): Conditions {
  return tidy(split(text, '|').map((group) => split(group, ';').flatMap(decodeOne)));
}

function decodeOne(text: string): Condition[] {
  const [field, operator, values] = split(text, ':');
  if (!field || !operator || !(operator in OPERATOR_LABELS)) return [];
  const list = values === undefined ? [] : split(values, ',').map(unescape);
  return [{ field, operator: operator as Operator, values: list }];
}

const escape = (value: string): string => value.replace(SPECIAL, (special) => `\\${special}`);
const unescape = (value: string): string => value.replace(/\\(.)/gs, '$1');

/** Splits at a separator that is not escaped. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === separator) {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += character;
    if (character === '\\') parts[parts.length - 1] += text.charAt((index += 1));
  }
  return parts;
}

/** The query's filter, with values in the types the attributes have. */
export function toFilter(conditions: Conditions, attributes: readonly Attribute[]): Filter | undefined {
  const groups = conditions.map((group) =>
    group.flatMap((condition) => {
      const attribute = attributes.find(({ name }) => name === condition.field);
      return attribute && isComplete(condition) ? [filterOf(condition, attribute)] : [];
    }),
  );
  const alternatives = groups.flatMap((group) => {
    const [only] = group;
    if (!only) return [];
    return [group.length === 1 ? only : { _and: group }];
  });
  const [only] = alternatives;
  return alternatives.length <= 1 ? only : { _or: alternatives };
}

function filterOf(condition: Condition, attribute: Attribute): Filter {
  const _field = condition.field;
  const values = condition.values.map((value) => typed(value, attribute));
  const [first = '', second = ''] = values;
  const comparison = { _field, _value: first };
  switch (condition.operator) {
    case 'any':
      return { _in: { _field, _values: values } };
    case 'none':
      return { _not: { _in: { _field, _values: values } } };
    case 'all':
      return { _and: values.map((_value) => ({ _eq: { _field, _value } })) };
    case 'is':
      return { _eq: comparison };
    case 'not':
      return { _ne: comparison };
    case 'contains':
      return { _like: comparison };
    case 'starts':
      return { _startsWith: comparison };
    case 'lt':
    case 'before':
      return { _lt: comparison };
    case 'lte':
      return { _lte: comparison };
    case 'gt':
      return { _gt: comparison };
    case 'gte':
    case 'after':
      return { _gte: comparison };
    case 'between':
      // The wire's upper bound is exclusive; a person's "between 1 and 3" is not.
      return { _and: [{ _gte: comparison }, { _lte: { _field, _value: second } }] };
    case 'last':
      return { _gte: { _field, _value: { amount: Number(first), unit: 'days', look: 'behind' } } };
    case 'next':
      return nextDays(_field, Number(first));
    case 'yes':
      return { _eq: { _field, _value: true } };
    case 'no':
      return { _eq: { _field, _value: false } };
    case 'empty':
      return { _not: { _has: _field } };
    case 'filled':
      return { _has: _field };
  }
}

function nextDays(_field: string, amount: number): Filter {
  return {
    _between: {
      _field,
      _from: { amount: 0, unit: 'days', look: 'ahead' },
      _to: { amount, unit: 'days', look: 'ahead' },
    },
  };
}

function typed(value: string, attribute: Attribute): Scalar {
  const numeric =
    ['integer', 'float', 'date'].includes(attribute.type) ||
    (attribute.type === 'enumeration' && typeof attribute.values?.[0] === 'number');
  return numeric ? Number(value) : value;
}
