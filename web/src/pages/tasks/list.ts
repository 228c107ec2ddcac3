/** The list of all tasks of the organisation: columns, filters and what they are called. */
import { Query } from '../../api/query';
import { session } from '../../api/session.svelte';
import type { Task } from '../../api/types';
import type { Condition } from '../../lists/conditions';
import type { ListDefinition, QuickFilter } from '../../lists/definition';
import { taskPath } from '../../tasks/links';
import { TASK_EXTRA } from '../../tasks/task.svelte';
import { TASK_STATUSES, taskStatusOf } from '../../tasks/words';
import { caseOf } from './case-of';

const quick = (label: string, condition: () => Condition): QuickFilter => ({
  label,
  conditions: () => [[condition()]],
});

const hasStatus = (value: string) => (): Condition => ({ field: 'status', operator: 'any', values: [value] });
const isYes = (field: string) => (): Condition => ({ field, operator: 'yes', values: [] });

export const taskList: ListDefinition<Task> = {
  entity: 'task',
  noun: { one: 'task', many: 'tasks' },
  model: 'task',
  objectType: 'Task',
  start: () => Query.list('listTask'),
  extraData: ['case', ...TASK_EXTRA],
  columns: [
    { id: 'marks', label: 'Marks', width: '68px', hint: 'Flag, action required, mandatory' },
    { id: 'status', label: 'Status', sort: 'status', width: '112px' },
    { id: 'title', label: 'Task', sort: 'title' },
    { id: 'case', label: 'Case', width: '25%' },
    { id: 'logs', label: 'Activity', width: '66px', from: 900, hint: 'Notes written in the task' },
    { id: 'assignee', label: 'Assignee', sort: 'assignee', width: '132px' },
    { id: 'due', label: 'Due', sort: 'dueDate', width: '112px' },
    { id: 'created', label: 'Created', sort: '_createdAt', width: '132px', from: 1250 },
  ],
  fields: [
    { name: 'status', type: 'enumeration', label: 'Status', options: () => [...TASK_STATUSES] },
    { name: 'assignee', type: 'user', cardinality: 'option', label: 'Assignee' },
    { name: 'title', type: 'string', label: 'Title' },
    { name: 'group', type: 'string', label: 'Group' },
    { name: 'description', type: 'string', cardinality: 'option', label: 'Description' },
    { name: 'flag', type: 'boolean', label: 'Flagged' },
    { name: 'actionRequired', type: 'boolean', label: 'Action required' },
    { name: 'mandatory', type: 'boolean', label: 'Mandatory' },
    { name: 'overdue', type: 'boolean', label: 'Overdue' },
    { name: 'dueDate', type: 'date', cardinality: 'option', label: 'Due' },
    { name: 'startDate', type: 'date', cardinality: 'option', label: 'Started' },
    { name: 'endDate', type: 'date', cardinality: 'option', label: 'Ended' },
    { name: '_createdAt', type: 'date', label: 'Created' },
    { name: '_createdBy', type: 'user', label: 'Created by' },
    { name: '_updatedAt', type: 'date', cardinality: 'option', label: 'Updated' },
    { name: '_updatedBy', type: 'user', cardinality: 'option', label: 'Updated by' },
  ],
  defaultSort: { field: '_createdAt', direction: 'desc' },
  quickFilters: [
    quick('My tasks', () => ({ field: 'assignee', operator: 'any', values: [session.login] })),
    quick('Waiting', hasStatus('Waiting')),
    quick('In progress', hasStatus('InProgress')),
    quick('Completed', hasStatus('Completed')),
    quick('Flagged', isYes('flag')),
    quick('Overdue', isYes('overdue')),
    quick('Unassigned', () => ({ field: 'assignee', operator: 'empty', values: [] })),
    quick('Action required', isYes('actionRequired')),
  ],
  statistics: [
    {
      title: 'Tasks by status',
      field: 'status',
      label: (value) => taskStatusOf(value).label,
      colour: (value) => taskStatusOf(value).colour,
    },
    {
      title: 'Mandatory tasks',
      field: 'mandatory',
      label: (value) => (value === 'true' ? 'Mandatory' : 'Optional'),
      condition: (value) => ({ field: 'mandatory', operator: value === 'true' ? 'yes' : 'no', values: [] }),
    },
  ],
  emptyText: 'Tasks are written in cases; those of every case you can see come together here.',
  nameOf: ({ title }) => title,
  hrefOf: (task) => {
    const parent = caseOf(task);
    return parent ? taskPath(parent.number, task._id) : '/tasks';
  },
};
