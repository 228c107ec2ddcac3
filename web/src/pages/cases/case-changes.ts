/** What the UI asks the server to do with cases from outside their page. Not here: what is on screen meanwhile. */
import { api } from '../../api/client';
import { opposite } from '../../api/optimistic.svelte';
import { Query } from '../../api/query';
import type { Case, CaseUpdate, Right, Task } from '../../api/types';
import { changeTasks } from '../../tasks/task-changes';
import { restoreCase } from './case/whole-case';

/** Only what is given changes; null clears. */
export type CaseChange = Omit<CaseUpdate, 'reassignOpenTasks'>;

/** Whether the caller has a right on this very case: a share can give less than the profile. */
export const may = (item: Case, permission: Right): boolean => item.userPermissions.includes(permission);

/** Changes one case or, all of them or none, several. */
export async function changeCases(ids: readonly string[], change: CaseUpdate): Promise<void> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1)
    await api.patch('/api/v1/case/{idOrName}', { path: { idOrName: only }, body: change });
  else if (ids.length > 1) await api.patch('/api/v1/case/_bulk', { body: { ids: [...ids], ...change } });
}

/** What a change leaves of each field, for showing it at once. */
export function effectOf(change: CaseChange): Partial<Case> {
  // What tags and stage become differs by case; the answer of the server brings them.
  const differing = ['addTags', 'removeTags', 'status'];
  const entries = Object.entries(change).filter(([field]) => !differing.includes(field));
  return Object.fromEntries(entries.map(([field, value]) => [field, value ?? undefined])) as Partial<Case>;
}

/** Gives each case the values it had; cases that had the same go together. */
export function undoOf(cases: readonly Case[], change: CaseChange): () => Promise<void> {
  const { addTags, removeTags, ...fields } = change;
  const touched = addTags || removeTags ? { ...fields, tags: [] } : fields;
  const groups = Map.groupBy(cases, (item) => JSON.stringify(valuesBefore(item, touched)));
  return async () => {
    for (const [before, group] of groups) {
      await changeCases(
        group.map(({ _id }) => _id),
        JSON.parse(before) as CaseChange,
      );
    }
  };
}

function valuesBefore(item: Case, change: CaseChange): CaseChange {
  const before = opposite(change, item);
  // Closing sets the end anew, so undoing a reopening has to say what it was.
  return change.status !== undefined && item.endDate !== undefined
    ? { ...before, endDate: item.endDate }
    : before;
}

/** Gives cases, and if wanted their open tasks, to somebody; the answer gives them back. */
export async function assignCases(
  cases: readonly Case[],
  assignee: string | null,
  withOpenTasks: boolean,
): Promise<() => Promise<void>> {
  const ids = cases.map(({ _id }) => _id);
  const undoCases = undoOf(cases, { assignee });
  const undoTasks = withOpenTasks ? await rememberAssignees(ids) : () => Promise.resolve();
  await changeCases(ids, withOpenTasks ? { assignee, reassignOpenTasks: true } : { assignee });
  return async () => {
    await undoCases();
    await undoTasks();
  };
}

async function rememberAssignees(caseIds: readonly string[]): Promise<() => Promise<void>> {
  const tasks = await openTasks(caseIds).run();
  const groups = Map.groupBy(tasks, ({ assignee }) => assignee);
  return async () => {
    for (const [assignee, group] of groups) {
      await changeTasks(
        group.map(({ _id }) => _id),
        { assignee: assignee ?? null },
      );
    }
  };
}

/** The tasks of these cases that somebody still has to do. */
export const openTasks = (caseIds: readonly string[]): Query<Task, 'Task'> =>
  Query.list('listCase')
    .filter({ _in: { _field: '_id', _values: [...caseIds] } })
    .then('tasks')
    .filter({ _in: { _field: 'status', _values: ['Waiting', 'InProgress'] } });

/** Puts cases into the bin, one after the other; tells which went, also when one was refused. */
export async function deleteCases(cases: readonly Case[]): Promise<{ gone: Case[]; refused?: unknown }> {
  const gone: Case[] = [];
  for (const item of cases) {
    try {
      await api.delete('/api/v1/case/{idOrName}', { path: { idOrName: item._id } });
      gone.push(item);
    } catch (refused) {
      return { gone, refused };
    }
  }
  return { gone };
}

export async function restoreCases(cases: readonly Case[]): Promise<void> {
  for (const { _id } of cases) await restoreCase(_id);
}
