/** What hangs on alerts and comes along into a case, counted and in words. */
import { Query } from '../api/query';
import type { Alert } from '../api/types';

/** The extra data that count it, beside the observables that every alert tells. */
export const COUNTS = ['procedureCount', 'attachmentCount'];

export interface Brought {
  observables: number;
  procedures: number;
  files: number;
}

export function countIn(alert: Alert | undefined, name: string): number {
  const count = alert?.extraData[name];
  return typeof count === 'number' ? count : 0;
}

/** What these bring together; they were read with `COUNTS`. */
export function broughtBy(alerts: readonly Alert[]): Brought {
  const sum = (count: (alert: Alert) => number) => alerts.reduce((total, alert) => total + count(alert), 0);
  return {
    observables: sum(({ observableCount }) => observableCount),
    procedures: sum((alert) => countIn(alert, 'procedureCount')),
    files: sum((alert) => countIn(alert, 'attachmentCount')),
  };
}

/** `3 observables, 1 TTP and 2 files`; nothing when they bring nothing. */
export function broughtWords({ observables, procedures, files }: Brought): string {
  const counted = (count: number, noun: string) =>
    count === 0 ? [] : [`${String(count)} ${noun}${count === 1 ? '' : 's'}`];
  const words = [
    ...counted(observables, 'observable'),
    ...counted(procedures, 'TTP'),
    ...counted(files, 'file'),
  ];
  const last = words.pop();
  return words.length > 0 && last !== undefined ? `${words.join(', ')} and ${last}` : (last ?? '');
}

/** Asks what these alerts bring. */
export async function readBrought(alerts: readonly Alert[]): Promise<Brought> {
  const ids = alerts.map(({ _id }) => _id);
  const found = await Query.list('listAlert')
    .filter({ _in: { _field: '_id', _values: ids } })
    .page(0, ids.length, COUNTS)
    .run();
  return broughtBy(found);
}
