/** The order of a case's tasks: groups, and what has to be written when one is moved. Pure. */
import type { Task } from '../../../api/types';

/** In their places; those of one place in the order they were made. */
export function ordered(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => a.order - b.order || a._createdAt - b._createdAt);
}

export interface Group {
  name: string;
  tasks: readonly Task[];
}

/** Groups in the order of their first tasks. */
export function grouped(tasks: readonly Task[]): Group[] {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) {
    const group = groups.get(task.group);
    if (group) group.push(task);
    else groups.set(task.group, [task]);
  }
  return [...groups].map(([name, members]) => ({ name, tasks: members }));
}

export interface NewPlace {
  id: string;
  order: number;
}

/** The places to write so that the task `id` comes to where `target` is now, among tasks in their order. */
export function moved(tasks: readonly Task[], id: string, target: string): NewPlace[] {
  const from = tasks.findIndex(({ _id }) => _id === id);
  const to = tasks.findIndex(({ _id }) => _id === target);
  if (from < 0 || to < 0) return [];
  const after = tasks.toSpliced(from, 1).toSpliced(to, 0, ...tasks.slice(from, from + 1));
  // The places there are, handed out anew: so only those between have to be written.
  const distinct = tasks.every(({ order }, index) => index === 0 || order > (tasks[index - 1]?.order ?? 0));
  return after.flatMap(({ _id, order }, index) => {
    const place = distinct ? (tasks[index]?.order ?? index) : index;
    return place === order ? [] : [{ id: _id, order: place }];
  });
}
