/** The way back from a change of tasks. */
import { opposite } from '../api/optimistic.svelte';
import { session } from '../api/session.svelte';
import type { Task } from '../api/types';
import { changeTasks, withEffects, type TaskChange } from './task-changes';

/** Gives each task the values it had, those included that the server changed along. */
export function undoOf(tasks: readonly Task[], change: TaskChange): () => Promise<void> {
  const before = tasks.map((task) => ({
    id: task._id,
    change: opposite(withEffects(task, change, session.login, Date.now()), task),
  }));
  return async () => {
    for (const { id, change: back } of before) await changeTasks([id], back);
  };
}
