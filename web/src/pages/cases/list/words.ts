/** What a row of the list says about a case in words. Pure. */
import type { Case } from '../../../api/types';

export interface StageWords {
  verb: 'New' | 'Started' | 'Closed';
  since: number;
}

/** "New", "Started" or "Closed", and since when: a case closed again counts from the last time. */
export function stageWords(item: Case): StageWords {
  switch (item.stage) {
    case 'New':
      return { verb: 'New', since: item.newDate };
    case 'InProgress':
      return { verb: 'Started', since: item.inProgressDate ?? item.newDate };
    case 'Closed':
      return { verb: 'Closed', since: item.endDate ?? item.closedDate ?? item.newDate };
  }
}

export interface TaskCounts {
  done: number;
  /** A cancelled task is not waited for. */
  wanted: number;
  cancelled: number;
}

/** The tasks of a case, where the query asked for them. */
export function taskCounts({ extraData }: Pick<Case, 'extraData'>): TaskCounts {
  const stats = extraData['taskStats'] as Record<string, number> | undefined;
  const cancelled = stats?.['Cancel'] ?? 0;
  return { done: stats?.['Completed'] ?? 0, wanted: (stats?.['total'] ?? 0) - cancelled, cancelled };
}

export const needsAction = ({ extraData }: Pick<Case, 'extraData'>): boolean =>
  extraData['actionRequired'] === true;

export const isOverdue = (item: Pick<Case, 'stage' | 'dueDate'>, now: number): boolean =>
  item.stage !== 'Closed' && item.dueDate !== undefined && item.dueDate < now;

/** "Case #1", "3 cases". */
export function nameOf(cases: readonly Pick<Case, 'number'>[]): string {
  const [only] = cases;
  return only && cases.length === 1 ? `Case #${String(only.number)}` : `${String(cases.length)} cases`;
}
