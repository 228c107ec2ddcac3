/** What the UI asks the server about similar cases and alerts. */
import { api } from '../api/client';
import { Query, type Filter } from '../api/query';
import type { Alert, Case, Observable } from '../api/types';
import type { Owner } from '../observables/changes';
import { pairs, type Common, type Similarity } from './likeness';

/** What something is compared with. */
export interface Entities {
  cases: Case;
  alerts: Alert;
}

export type Side = keyof Entities;

/** Another case or alert, and how much it has in common. */
export interface Similar<S extends Side> extends Similarity {
  _id: string;
  entity: Entities[S];
}

const owner = ({ kind, _id }: Owner) => Query.get(kind === 'case' ? 'getCase' : 'getAlert', _id);

const filterOf = (side: Side, filter: Filter | undefined) =>
  filter === undefined ? {} : { [side === 'cases' ? 'caseFilter' : 'alertFilter']: filter };

const COUNTS = [
  'similarObservableCount',
  'observableCount',
  'similarIocCount',
  'iocCount',
  'observableTypes',
] as const;

/**
 * Those with the most in common, up to a hundred. The light operation finds them; only the other one knows of IOCs, and
 * asked of these alone, without the observables themselves, it is light too.
 */
export async function readSimilar<S extends Side>(
  of: Owner,
  side: S,
  filter?: Filter,
  signal?: AbortSignal,
): Promise<Similar<S>[]> {
  const options = signal ? { signal } : {};
  const parameters = filterOf(side, filter);
  const nearest =
    side === 'cases'
      ? await owner(of).then('similarCasesLight', parameters).pick(['_id'], options)
      : await owner(of).then('similarAlertsLight', parameters).pick(['_id'], options);
  if (nearest.length === 0) return [];
  const these = filterOf(side, { _in: { _field: '_id', _values: nearest.map(({ _id }) => _id) } });
  const rows =
    side === 'cases'
      ? (
          await owner(of)
            .then('similarCases', these)
            .pick(['case', ...COUNTS], options)
        ).map(({ case: entity, ...counts }) => ({ ...counts, entity }))
      : (
          await owner(of)
            .then('similarAlerts', these)
            .pick(['alert', ...COUNTS], options)
        ).map(({ alert: entity, ...counts }) => ({ ...counts, entity }));
  return rows.map((row) => ({ ...row, _id: row.entity._id })) as Similar<S>[];
}

/** How many there are, up to a thousand. */
export function countAll(of: Owner, side: Side, filter?: Filter, signal?: AbortSignal): Promise<number> {
  const name = side === 'cases' ? 'similarCaseCount' : 'similarAlertCount';
  return owner(of)
    .then(name, filterOf(side, filter))
    .value(signal ? { signal } : {});
}

/** A case that something may be merged into, with how much it has in common. */
export type Match = Pick<Case, '_id' | 'number' | 'title' | 'severity' | 'status' | 'stage'> &
  Pick<Similarity, 'similarObservableCount' | 'observableCount'>;

/** The similar cases in short, up to a hundred, those with the most in common first. */
export function readMatches(of: Owner, signal: AbortSignal): Promise<Match[]> {
  return owner(of)
    .then('similarCasesLight')
    .pick(
      ['_id', 'number', 'title', 'severity', 'status', 'stage', 'similarObservableCount', 'observableCount'],
      { signal },
    );
}

/** What both have, as it is here and as it is there. */
export async function readCommon(of: Owner, other: Owner): Promise<Common[]> {
  const [here, there] = await Promise.all([between(of, other), between(other, of)]);
  return pairs(here, there);
}

function between(first: Owner, second: Owner): Promise<Observable[]> {
  const alertOrCaseId = second._id;
  return first.kind === 'case'
    ? api.get('/api/v1/case/{caseId}/similar/{alertOrCaseId}/observables', {
        path: { caseId: first._id, alertOrCaseId },
      })
    : api.get('/api/v1/alert/{alertId}/similar/{alertOrCaseId}/observables', {
        path: { alertId: first._id, alertOrCaseId },
      });
}
