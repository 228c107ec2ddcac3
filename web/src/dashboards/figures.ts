/** The figures of a widget, as the server counts them. */
import { send } from '../api/client';
import { people } from '../api/people.svelte';
import type { Operation } from '../api/query';
import { models } from './models.svelte';
import type { Options, Widget } from './definition';
import { intervalOf, steps, type Period } from './period';
import { operations, resultName, subjects, type Subject } from './question';

/** One value of a field with its figure. */
export interface Slice {
  value: string;
  label: string;
  figure: number;
}

/** One line of a chart, or one colour of its bars. */
export interface Line {
  label: string;
  /** The value of the field that it stands for, where bars are by a field. */
  value?: string;
  subject: Subject;
  figures: number[];
}

export type Figures =
  | { kind: 'number'; subject: Subject; figure: number | null }
  | { kind: 'slices'; subject: Subject; field: string; slices: Slice[]; rest: number }
  | { kind: 'lines'; at: number[]; interval: string; lines: Line[]; field?: string }
  | { kind: 'rows'; subject: Subject; rows: Record<string, unknown>[] };

const SLICES = 12;
const LINES = 8;

async function ask<T>(query: readonly Operation[], signal: AbortSignal): Promise<T> {
  return (await send<T>('/api/v1/query', { method: 'POST', body: { query }, signal })).body;
}

function start(subject: Subject, period: Period): Operation[] {
  const list = models.of(subject.entity)?.initialQuery;
  if (list === undefined || list === '') throw new Error(`Nothing is known of “${subject.entity}” here.`);
  return operations(subject, list, period);
}

/** Reads the figures of a widget. */
export async function figures(
  widget: Widget,
  period: Period,
  now: number,
  signal: AbortSignal,
): Promise<Figures> {
  await Promise.all([models.load(), people.load()]);
  const { options } = widget;
  const [subject] = subjects(options);
  if (!subject) throw new Error('This widget counts nothing yet.');
  if (widget.type === 'table') return rows(subject, options, period, signal);
  if (options.field !== undefined && options.interval !== undefined) {
    return byValueOverTime(subject, options.field, options, period, now, signal);
  }
  if (options.interval !== undefined) return overTime(options, period, now, signal);
  if (options.field !== undefined) return byValue(subject, options.field, options, period, signal);
  const name = resultName(subject.aggregation);
  const answer = await ask<Record<string, number | null>>(
    [...start(subject, period), { _name: 'aggregation', ...subject.aggregation }],
    signal,
  );
  return { kind: 'number', subject, figure: answer[name] ?? null };
}

async function rows(
  subject: Subject,
  options: Options,
  period: Period,
  signal: AbortSignal,
): Promise<Figures> {
  const query = start(subject, period);
  if (options.sort !== undefined) query.push({ _name: 'sort', _fields: [options.sort] });
  query.push({ _name: 'page', from: 0, to: options.size ?? 10 });
  return { kind: 'rows', subject, rows: await ask(query, signal) };
}

type Bucket = Record<string, number | null>;

async function byValue(
  subject: Subject,
  field: string,
  options: Options,
  period: Period,
  signal: AbortSignal,
): Promise<Figures> {
  const name = resultName(subject.aggregation);
  const buckets = await ask<Record<string, Bucket>>(
    [
      ...start(subject, period),
      { _name: 'aggregation', _agg: 'field', _field: field, _select: [subject.aggregation] },
    ],
    signal,
  );
  const slices = Object.entries(buckets)
    .map(([value, bucket]) => ({
      value,
      figure: bucket[name] ?? 0,
      label: options.names?.[value] ?? models.valueLabel(subject.entity, field, value),
    }))
    .sort((a, b) => b.figure - a.figure);
  const size = options.size ?? SLICES;
  const rest = slices.slice(size).reduce((sum, { figure }) => sum + figure, 0);
  return { kind: 'slices', subject, field, slices: slices.slice(0, size), rest };
}

async function overTime(
  options: Options,
  period: Period,
  now: number,
  signal: AbortSignal,
): Promise<Figures> {
  const interval = intervalOf(options.interval, period, now);
  const answers = await Promise.all(
    subjects(options).map(async (subject) => {
      const { dateField } = subject;
      if (dateField === undefined) throw new Error('A chart over time needs a date field.');
      const buckets = await ask<Record<string, Bucket>>(
        [
          ...start(subject, period),
          {
            _name: 'aggregation',
            _agg: 'time',
            _fields: [dateField],
            _interval: interval,
            _select: [subject.aggregation],
          },
        ],
        signal,
      );
      return { subject, buckets };
    }),
  );
  const known = answers.flatMap(({ buckets }) => Object.keys(buckets).map(Number));
  const at = steps(known, interval, period, now);
  const lines = answers.map(({ subject, buckets }) => ({
    label: subject.label,
    subject,
    figures: at.map((step) => buckets[String(step)]?.[resultName(subject.aggregation)] ?? 0),
  }));
  return { kind: 'lines', at, interval, lines };
}

async function byValueOverTime(
  subject: Subject,
  field: string,
  options: Options,
  period: Period,
  now: number,
  signal: AbortSignal,
): Promise<Figures> {
  const { dateField } = subject;
  if (dateField === undefined) throw new Error('A chart over time needs a date field.');
  const interval = intervalOf(options.interval, period, now);
  const name = resultName(subject.aggregation);
  const buckets = await ask<Record<string, Record<string, Bucket>>>(
    [
      ...start(subject, period),
      {
        _name: 'aggregation',
        _agg: 'time',
        _fields: [dateField],
        _interval: interval,
        _select: [{ _agg: 'field', _field: field, _select: [subject.aggregation] }],
      },
    ],
    signal,
  );
  const at = steps(Object.keys(buckets).map(Number), interval, period, now);
  const totals = new Map<string, number>();
  for (const values of Object.values(buckets)) {
    for (const [value, bucket] of Object.entries(values)) {
      totals.set(value, (totals.get(value) ?? 0) + (bucket[name] ?? 0));
    }
  }
  const largest = [...totals].sort(([, a], [, b]) => b - a).slice(0, options.size ?? LINES);
  // Numbers are a scale: its order says more than which of them is frequent.
  if (largest.every(([value]) => /^\d+$/.test(value))) largest.sort(([a], [b]) => Number(a) - Number(b));
  const lines = largest.map(([value]) => ({
    label: options.names?.[value] ?? models.valueLabel(subject.entity, field, value),
    value,
    subject,
    figures: at.map((step) => buckets[String(step)]?.[value]?.[name] ?? 0),
  }));
  return { kind: 'lines', at, interval, lines, field };
}
