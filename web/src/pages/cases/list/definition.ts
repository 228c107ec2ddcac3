/** The list of cases: columns, filters, statistics and what they are called. */
import { caseStatuses, caseStatusWords } from '../../../api/case-statuses.svelte';
import { Query } from '../../../api/query';
import type { Case } from '../../../api/types';
import type { ListDefinition, Statistic } from '../../../lists/definition';
import { severityOf } from '../../../ui/levels';
import { caseFields, caseQuickFilters } from '../../../cases/filters';

/** A verdict has no colour of its own: greens and greys of the closed stage. */
const VERDICT_COLOURS: Record<string, string> = {
  TruePositive: '--stage-closed',
  FalsePositive: '--stage-other',
  Indeterminate: '--field-line',
  Duplicated: '--line-strong',
  Other: '--ink-faint',
};

function statusColour(status: string): string {
  const stage = caseStatuses.stageOf(status);
  if (stage === 'New') return '--stage-new';
  if (stage === 'InProgress') return '--stage-progress';
  return VERDICT_COLOURS[status] ?? '--ink-soft';
}

const statistics: readonly Statistic[] = [
  { title: 'Cases by status', field: 'status', label: caseStatusWords, colour: statusColour },
  {
    title: 'Cases by severity',
    field: 'severity',
    colour: (value) => `--severity-${severityOf(Number(value)).name}`,
  },
];

export const caseList: ListDefinition<Case> = {
  entity: 'case',
  noun: { one: 'case', many: 'cases' },
  model: 'case',
  objectType: 'Case',
  within: ['Task'],
  start: () => Query.list('listCase'),
  extraData: ['taskStats', 'actionRequired'],
  columns: [
    { id: 'flag', label: '', width: '28px' },
    { id: 'status', label: 'Status', width: 'clamp(180px, 14vw, 258px)' },
    { id: 'severity', label: 'Severity', sort: 'severity', width: '80px' },
    { id: 'number', label: 'Number', sort: 'number', width: '76px' },
    { id: 'title', label: 'Title', sort: 'title' },
    {
      id: 'tasks',
      label: 'Tasks',
      width: '80px',
      from: 900,
      hint: 'Completed of all that are not canceled',
    },
    { id: 'due', label: 'Due', sort: 'dueDate', width: '102px' },
    { id: 'assignee', label: 'Assignee', sort: 'assignee', width: 'clamp(136px, 11vw, 210px)' },
    { id: 'start', label: 'Start', sort: 'startDate', width: '98px', from: 1500 },
    { id: 'created', label: 'Created', sort: '_createdAt', width: '98px' },
    { id: 'updated', label: 'Updated', sort: '_updatedAt', width: '98px', from: 1320 },
  ],
  fields: caseFields,
  defaultSort: { field: '_createdAt', direction: 'desc' },
  ties: { severity: { field: '_createdAt', direction: 'desc' } },
  sorts: [
    { field: 'severity', label: 'Severity' },
    { field: 'number', label: 'Number' },
    { field: 'title', label: 'Title' },
    { field: 'assignee', label: 'Assignee' },
    { field: 'dueDate', label: 'Due' },
    { field: 'startDate', label: 'Start' },
    { field: '_createdAt', label: 'Created' },
    { field: '_updatedAt', label: 'Updated' },
  ],
  quickFilters: caseQuickFilters,
  statistics,
  addLabel: 'Add case',
  nameOf: ({ number, title }) => `#${String(number)} - ${title}`,
  hrefOf: ({ number }) => `/cases/${String(number)}`,
};
