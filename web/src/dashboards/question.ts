/**
 * What a widget asks the server, and where its figures lead: the query of the query
 * language, and the list that shows the same entities. Pure.
 */
import { all, type Filter, type Operation, type Scalar } from '../api/query';
import { encode, type Condition } from '../lists/conditions';
import type { Computation, Options, Series } from './definition';
import type { Period } from './period';

/** What is counted: one line of a chart, or the whole widget. */
export interface Subject {
  label: string;
  entity: string;
  dateField: string | undefined;
  filter: Filter | undefined;
  aggregation: Computation;
}

/** The lines of a widget; a widget without any is one itself. */
export function subjects(options: Options): Subject[] {
  const series: Partial<Series>[] = options.series ?? [{}];
  return series.map((one) => ({
    label: one.label ?? options.title,
    entity: one.entity ?? options.entity ?? 'case',
    dateField: one.dateField ?? options.dateField,
    filter: all(...[options.filter, one.filter].filter((filter) => filter && Object.keys(filter).length > 0)),
    aggregation: one.aggregation ?? options.aggregation ?? { _agg: 'count' },
  }));
}

/** The entities of a subject within the period. */
export function operations(subject: Subject, list: string, period: Period): Operation[] {
  const { dateField: _field } = subject;
  const within: Filter[] = [];
  if (_field !== undefined && period.from !== undefined)
    within.push({ _gte: { _field, _value: period.from } });
  if (_field !== undefined && period.to !== undefined) within.push({ _lt: { _field, _value: period.to } });
  // Of all time means of any time: what has no such date (a case that is open) is not meant. All have been created.
  if (_field !== undefined && _field !== '_createdAt' && within.length === 0) within.push({ _has: _field });
  const filter = all(subject.filter, ...within);
  return [{ _name: list }, ...(filter ? [{ _name: 'filter', ...filter }] : [])];
}

/** The name under which the result of a computation comes. */
export const resultName = ({ _agg, _field }: Computation): string =>
  _agg === 'count' ? 'count' : `${_agg}_${_field ?? ''}`;

/** The words of a field, or of one of its values, which no list of ours knows. */
export type Conditionable = readonly Condition[] | undefined;

/** A filter in the words of the lists; undefined when they have none for it. */
export function conditionsOf(filter: Filter | undefined): Conditionable {
  if (filter === undefined) return [];
  const plain = filter as Record<string, unknown>;
  if (Object.keys(plain).length === 0) return [];
  if ('_and' in filter) {
    const parts = filter._and.map(conditionsOf);
    return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
  }
  if ('_has' in filter) return [{ field: filter._has, operator: 'filled', values: [] }];
  if ('_in' in filter) {
    return [{ field: filter._in._field, operator: 'any', values: filter._in._values.map(String) }];
  }
  if ('_not' in filter) {
    const [only, more] = conditionsOf(filter._not) ?? [];
    if (!only || more) return undefined;
    if (only.operator === 'any') return [{ ...only, operator: 'none' }];
    if (only.operator === 'filled') return [{ ...only, operator: 'empty' }];
    return undefined;
  }
  for (const [name, operator] of COMPARISONS) {
    const comparison = plain[name];
    if (comparison !== undefined) return compared(comparison as Comparison, operator);
  }
  if (typeof plain._field === 'string') return compared(plain as unknown as Comparison, 'any');
  return undefined;
}

interface Comparison {
  _field: string;
  _value: unknown;
}

const COMPARISONS = [
  ['_eq', 'any'],
  ['_gte', 'gte'],
  ['_lte', 'lte'],
  ['_gt', 'gt'],
  ['_lt', 'lt'],
  ['_like', 'contains'],
  ['_startsWith', 'starts'],
] as const;

function compared({ _field, _value }: Comparison, operator: Condition['operator']): Conditionable {
  if (typeof _value === 'boolean') return [{ field: _field, operator: _value ? 'yes' : 'no', values: [] }];
  if (typeof _value !== 'string' && typeof _value !== 'number') return undefined;
  return [{ field: _field, operator, values: [String(_value)] }];
}

/** Where the entities of each model are listed. */
const LISTS: Readonly<Record<string, string>> = {
  case: '/cases',
  alert: '/alerts',
  task: '/tasks',
  observable: '/observables',
};

/**
 * The address of the list that shows what a figure counts; undefined where there is no
 * such list. `more` narrows it to a slice.
 */
export function listOf(
  subject: Subject,
  period: Period,
  more: readonly Condition[],
  exists: (path: string) => boolean,
): string | undefined {
  const path = LISTS[subject.entity];
  const conditions = conditionsOf(subject.filter);
  if (path === undefined || conditions === undefined || !exists(path)) return undefined;
  const time = subject.dateField === undefined ? [] : within(subject.dateField, period);
  const where = encode([[...conditions, ...time, ...more]]);
  return where === '' ? path : `${path}?${new URLSearchParams({ where }).toString()}`;
}

export function within(field: string, { from, to }: Period): Condition[] {
  if (from !== undefined && to !== undefined) {
    return [{ field, operator: 'between', values: [String(from), String(to - 1)] }];
  }
  if (from !== undefined) return [{ field, operator: 'after', values: [String(from)] }];
  if (to !== undefined) return [{ field, operator: 'before', values: [String(to)] }];
  return field === '_createdAt' ? [] : [{ field, operator: 'filled', values: [] }];
}

/** The condition that picks one value of a field. */
export function valueCondition(field: string, value: Scalar): Condition {
  if (value === 'true' || value === 'false') {
    return { field, operator: value === 'true' ? 'yes' : 'no', values: [] };
  }
  return { field, operator: 'any', values: [String(value)] };
}
