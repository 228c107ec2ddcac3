/** What the UI asks the server to do with tasks. Not here: what is on screen meanwhile. */
import { api } from '../api/client';
import { session } from '../api/session.svelte';
import type { Log, Task, TaskStatus } from '../api/types';

/** Only what is given changes; null clears. */
export interface TaskChange {
  title?: string;
  group?: string;
  description?: string | null;
  status?: TaskStatus;
  flag?: boolean;
  startDate?: number | null;
  endDate?: number | null;
  dueDate?: number | null;
  assignee?: string | null;
  order?: number;
  mandatory?: boolean;
}

const path = (id: string): string => `/api/v1/task/${encodeURIComponent(id)}`;

/** Changes one task or, all of them or none, several. */
export async function changeTasks(ids: readonly string[], change: TaskChange): Promise<void> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) await api.patch(path(only), change);
  else if (ids.length > 1) await api.patch('/api/v1/task/_bulk', { ids, ...change });
}

/** Deletes tasks with their logs, one after the other; there is no way back. */
export async function deleteTasks(ids: readonly string[]): Promise<void> {
  for (const id of ids) await api.delete(path(id));
}

/** Says whether the task waits for an action of this organisation. */
export async function requireAction(id: string, required: boolean): Promise<void> {
  const organisation = encodeURIComponent(session.current?.organisation._id ?? '');
  await api.put(`${path(id)}/${required ? 'actionRequired' : 'actionDone'}/${organisation}`);
}

export const createLog = (taskId: string, message: string): Promise<Log> =>
  api.post<Log>(`${path(taskId)}/log`, { message });

export const changeLog = (id: string, message: string): Promise<undefined> =>
  api.patch(`/api/v1/log/${encodeURIComponent(id)}`, { message });

export const deleteLog = (id: string): Promise<undefined> =>
  api.delete(`/api/v1/log/${encodeURIComponent(id)}`);

/** What a change of status does to the rest of the task, as the server will: for showing it at once. */
export function withEffects(task: Task, change: TaskChange, login: string, now: number): TaskChange {
  const { status } = change;
  if (status === undefined || status === task.status) return change;
  const begun: TaskChange = {
    startDate: task.startDate ?? now,
    assignee: task.assignee ?? login,
  };
  if (status === 'Waiting') return { ...change, endDate: null };
  if (status === 'InProgress') return { ...begun, ...change, endDate: null };
  if (status === 'Cancel') return { ...change, endDate: now };
  return task.status === 'Waiting' ? { ...begun, ...change, endDate: now } : { ...change, endDate: now };
}
