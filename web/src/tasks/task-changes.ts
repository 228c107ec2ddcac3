/** What the UI asks the server to do with tasks. Not here: what is on screen meanwhile. */
import { api, send } from '../api/client';
import { session } from '../api/session.svelte';
import type { Log, Task, TaskUpdate } from '../api/types';

/** Only what is given changes; null clears. */
export type TaskChange = TaskUpdate;

const TASK = '/api/v1/task/{taskId}';
const LOG = '/api/v1/log/{logId}';

/** Changes one task or, all of them or none, several. */
export async function changeTasks(ids: readonly string[], change: TaskChange): Promise<void> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) await api.patch(TASK, { path: { taskId: only }, body: change });
  else if (ids.length > 1) await api.patch('/api/v1/task/_bulk', { body: { ids: [...ids], ...change } });
}

/** Deletes tasks with their logs, one after the other; there is no way back. */
export async function deleteTasks(ids: readonly string[]): Promise<void> {
  for (const taskId of ids) await api.delete(TASK, { path: { taskId } });
}

/** Says whether the task waits for an action of this organisation. */
export async function requireAction(id: string, required: boolean): Promise<void> {
  const path = { taskId: id, orgId: session.current?.organisation._id ?? '' };
  await api.put(`${TASK}/${required ? 'actionRequired' : 'actionDone'}/{orgId}`, { path });
}

export async function createLog(taskId: string, message: string, files: readonly File[] = []): Promise<Log> {
  if (files.length === 0) return api.post(`${TASK}/log`, { path: { taskId }, body: { message } });
  const form = new FormData();
  form.append('_json', JSON.stringify({ message }));
  for (const file of files) form.append('attachments', file, file.name);
  const path = `/api/v1/task/${encodeURIComponent(taskId)}/log`;
  return (await send<Log>(path, { method: 'POST', body: form })).body;
}

export const deleteLogFile = (logId: string, attachmentId: string): Promise<undefined> =>
  api.delete(`${LOG}/attachments/{attachmentId}`, { path: { logId, attachmentId } });

export const changeLog = (id: string, message: string): Promise<undefined> =>
  api.patch(LOG, { path: { logId: id }, body: { message } });

export const deleteLog = (id: string): Promise<undefined> => api.delete(LOG, { path: { logId: id } });

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
