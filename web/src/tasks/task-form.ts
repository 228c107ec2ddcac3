/** What a form for a new task holds, and what of it goes to the server. Pure. */
import type { CaseTemplate, TaskInput } from '../api/types';

export interface TaskValues {
  group: string;
  title: string;
  mandatory: boolean;
  description: string;
  assignee?: string | undefined;
  flag: boolean;
  dueDate?: number | undefined;
}

export const newTask = (): TaskValues => ({
  group: 'default',
  title: '',
  mandatory: false,
  description: '',
  flag: false,
});

/** A task that a template plans, to be changed in a form. */
export const taskValues = (task: CaseTemplate['tasks'][number]): TaskValues => ({
  group: task.group,
  title: task.title,
  mandatory: task.mandatory,
  description: task.description ?? '',
  flag: task.flag,
  ...(task.assignee === undefined ? {} : { assignee: task.assignee }),
  ...(task.dueDate === undefined ? {} : { dueDate: task.dueDate }),
});

/** Why the task cannot be added yet, if so. */
export function missingIn({ title, group }: TaskValues): string | undefined {
  if (title.trim() === '') return 'Title is required';
  return group.trim() === '' ? 'Group is required' : undefined;
}

/** The body for the API: what is empty is left out. */
export function taskInput({ group, title, description, ...rest }: TaskValues): TaskInput {
  return {
    ...rest,
    group: group.trim(),
    title: title.trim(),
    ...(description.trim() === '' ? {} : { description }),
  };
}

/** The fields that show their own refusal. */
export const TASK_FIELDS = ['title', 'group', 'assignee', 'dueDate', 'description'] as const;
