/** The words, tones and shapes of a task's status. */
import Ban from '@lucide/svelte/icons/ban';
import Circle from '@lucide/svelte/icons/circle';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import type { Component } from 'svelte';
import type { Task, TaskStatus } from '../api/types';

export interface TaskStatusWords {
  value: TaskStatus;
  label: string;
  tone: 'new' | 'progress' | 'closed' | 'other';
  icon: Component<{ size?: number }>;
  /** The colour in statistics. */
  colour: string;
}

export const TASK_STATUSES: readonly [TaskStatusWords, ...TaskStatusWords[]] = [
  { value: 'Waiting', label: 'Waiting', tone: 'new', icon: Circle, colour: '--stage-new' },
  {
    value: 'InProgress',
    label: 'In progress',
    tone: 'progress',
    icon: CirclePlay,
    colour: '--stage-progress',
  },
  { value: 'Completed', label: 'Completed', tone: 'closed', icon: CircleCheck, colour: '--stage-closed' },
  { value: 'Cancel', label: 'Canceled', tone: 'other', icon: Ban, colour: '--stage-other' },
];

export const taskStatusOf = (value: string): TaskStatusWords =>
  TASK_STATUSES.find((status) => status.value === value) ?? TASK_STATUSES[0];

/** Whether somebody still has to do something. */
export const isOpen = ({ status }: Pick<Task, 'status'>): boolean =>
  status === 'Waiting' || status === 'InProgress';

export const isOverdue = (task: Pick<Task, 'status' | 'dueDate'>, now: number): boolean =>
  isOpen(task) && task.dueDate !== undefined && task.dueDate < now;

/** How many notes were written in it, where the query asked for that. */
export const logCount = ({ extraData }: Pick<Task, 'extraData'>): number =>
  Number(extraData['logCount'] ?? 0);

export const needsAction = ({ extraData }: Pick<Task, 'extraData'>): boolean =>
  extraData['actionRequired'] === true;

/** What a task can be marked with, in the order of the columns people know. */
export const MARKS = ['flag', 'action', 'mandatory'] as const;
export type Mark = (typeof MARKS)[number];

export function hasMark(task: Pick<Task, 'flag' | 'mandatory' | 'extraData'>, mark: Mark): boolean {
  if (mark === 'flag') return task.flag;
  return mark === 'action' ? needsAction(task) : task.mandatory;
}
