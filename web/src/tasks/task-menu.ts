/** What can be done to one task from the menu of its row. */
import Check from '@lucide/svelte/icons/check';
import Ban from '@lucide/svelte/icons/ban';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import Flag from '@lucide/svelte/icons/flag';
import Play from '@lucide/svelte/icons/play';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserPlus from '@lucide/svelte/icons/user-plus';
import { session } from '../api/session.svelte';
import type { Task } from '../api/types';
import type { MenuItem } from '../ui/menu';
import type { TaskChange } from './task-changes';
import { isOpen, needsAction } from './words';

export interface TaskActions {
  change: (task: Task, change: TaskChange) => void;
  requireAction: (task: Task, required: boolean) => void;
  remove: (task: Task) => void;
}

export function taskMenu(task: Task, actions: TaskActions): MenuItem[] {
  const to = (change: TaskChange) => () => actions.change(task, change);
  const items: (MenuItem | false)[] = [
    task.status === 'Waiting' && { label: 'Start', icon: Play, action: to({ status: 'InProgress' }) },
    isOpen(task) && { label: 'Complete', icon: Check, action: to({ status: 'Completed' }) },
    isOpen(task) && { label: 'Cancel task', icon: Ban, action: to({ status: 'Cancel' }) },
    !isOpen(task) && { label: 'Take up again', icon: RotateCcw, action: to({ status: 'InProgress' }) },
    task.assignee !== session.login && {
      label: 'Assign to me',
      icon: UserPlus,
      action: to({ assignee: session.login }),
    },
    { label: task.flag ? 'Unflag' : 'Flag', icon: Flag, action: to({ flag: !task.flag }) },
    {
      label: needsAction(task) ? 'Action done' : 'Require action',
      icon: CircleAlert,
      action: () => actions.requireAction(task, !needsAction(task)),
    },
    { label: 'Delete', icon: Trash2, danger: true, separated: true, action: () => actions.remove(task) },
  ];
  return items.filter((item) => item !== false);
}
