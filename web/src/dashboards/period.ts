/** Over which time a dashboard looks, and how wide the steps of its charts are. Pure. */

export interface Period {
  /** Milliseconds since the epoch; undefined is without an end. */
  from: number | undefined;
  to: number | undefined;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const PERIODS = [
  { value: 'last24Hours', label: 'Last 24 hours', length: DAY },
  { value: 'last7Days', label: 'Last 7 days', length: 7 * DAY },
  { value: 'last30Days', label: 'Last 30 days', length: 30 * DAY },
  { value: 'last3Months', label: 'Last 3 months', length: 91 * DAY },
  { value: 'last12Months', label: 'Last 12 months', length: 365 * DAY },
  { value: 'all', label: 'All', length: undefined },
] as const;

/** The period of a name, up to now. */
export function periodOf(name: string, now: number, custom?: { fromDate: number; toDate: number }): Period {
  if (name === 'custom' && custom) return { from: custom.fromDate, to: custom.toDate };
  const known = PERIODS.find(({ value }) => value === name) ?? PERIODS[2];
  return { from: known.length === undefined ? undefined : now - known.length, to: undefined };
}

/** Steps that make a readable picture: some twenty to a hundred of them. */
export function intervalOf(asked: string | undefined, { from, to }: Period, now: number): string {
  if (asked !== undefined && asked !== 'auto') return asked;
  if (from === undefined) return '1M';
  const length = (to ?? now) - from;
  if (length <= 2 * DAY) return '1h';
  if (length <= 92 * DAY) return '1d';
  if (length <= 400 * DAY) return '1w';
  return '1M';
}

const WIDTHS: Readonly<Record<string, number>> = { '1h': HOUR, '1d': DAY, '1w': 7 * DAY };

/**
 * The beginnings of all steps, those without anything too: a line that leaves out
 * nights would lie. `known` are the steps that the server told of.
 */
export function steps(
  known: readonly number[],
  interval: string,
  { from, to }: Period,
  now: number,
): number[] {
  const width = WIDTHS[interval];
  const sorted = [...new Set(known)].sort((a, b) => a - b);
  const first = sorted[0];
  if (width === undefined || from === undefined || first === undefined) return sorted;
  const begin = first - Math.floor((first - from) / width) * width;
  const all: number[] = [];
  for (let at = begin; at <= (to ?? now) && all.length < 1_000; at += width) all.push(at);
  return all;
}

/** A step in words, as long as needed to tell it from its neighbours. */
export function stepLabel(at: number, interval: string): string {
  const date = new Date(at);
  if (interval.endsWith('h') || interval.endsWith('m')) {
    return date.toLocaleString(undefined, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
  }
  // Days and more begin at midnight in Greenwich.
  const zone = { timeZone: 'UTC' } as const;
  if (interval.endsWith('M'))
    return date.toLocaleDateString(undefined, { ...zone, month: 'short', year: 'numeric' });
  return date.toLocaleDateString(undefined, { ...zone, day: 'numeric', month: 'short' });
}
