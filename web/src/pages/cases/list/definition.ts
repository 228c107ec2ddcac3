/** The list of cases: columns, filters, statistics and what they are called. */
import { caseStatuses, caseStatusWords } from '../../../api/case-statuses.svelte';
import { Query } from '../../../api/query';
import { session } from '../../../api/session.svelte';
import type { Case } from '../../../api/types';
import type { Condition } from '../../../lists/conditions';
import type { FilterField, ListDefinition, QuickFilter, Statistic } from '../../../lists/definition';
import { PAPS, SEVERITIES, severityOf, TLPS } from '../../../ui/levels';
import { IMPACTS } from '../../../cases/impact';

type Level = { value: number; label: string };

/** A field whose numbers have words. */
const scale = (name: string, label: string, levels: readonly Level[]): FilterField => ({
  name,
  label,
  type: 'enumeration',
  values: levels.map(({ value }) => value),
  options: () => levels.map((level) => ({ value: String(level.value), label: level.label })),
});

const STAGES = [
  { value: 'New', label: 'New' },
  { value: 'InProgress', label: 'In progress' },
  { value: 'Closed', label: 'Closed' },
];

const fields: readonly FilterField[] = [
  { name: 'assignee', label: 'Assignee', type: 'user', cardinality: 'option' },
  {
    name: 'status',
    label: 'Status',
    type: 'enumeration',
    options: () => caseStatuses.offered(['New', 'InProgress', 'Closed']),
  },
  { name: 'stage', label: 'Stage', type: 'enumeration', options: () => STAGES },
  scale('severity', 'Severity', SEVERITIES),
  { name: 'tags', label: 'Tags', type: 'string', cardinality: 'list' },
  { name: 'title', label: 'Title', type: 'string' },
  { name: 'number', label: 'Number', type: 'integer' },
  {
    name: 'keyword',
    label: 'Any text',
    type: 'string',
    operators: ['contains'],
  },
  { name: 'description', label: 'Description', type: 'string', operators: ['contains'] },
  { name: 'dueDate', label: 'Due', type: 'date', cardinality: 'option' },
  { name: 'overdue', label: 'Overdue', type: 'boolean' },
  { name: 'flag', label: 'Flagged', type: 'boolean' },
  { name: 'actionRequired', label: 'Action required', type: 'boolean' },
  scale('tlp', 'TLP', TLPS),
  scale('pap', 'PAP', PAPS),
  {
    name: 'impactStatus',
    label: 'Impact',
    type: 'enumeration',
    cardinality: 'option',
    options: () => IMPACTS.map((impact) => ({ ...impact })),
  },
  { name: 'owningOrganisation', label: 'Owner', type: 'string', operators: ['is', 'not'] },
  { name: 'startDate', label: 'Start', type: 'date' },
  { name: 'endDate', label: 'End', type: 'date', cardinality: 'option' },
  { name: '_createdAt', label: 'Created', type: 'date' },
  { name: '_createdBy', label: 'Created by', type: 'user' },
  { name: '_updatedAt', label: 'Updated', type: 'date', cardinality: 'option' },
  { name: '_updatedBy', label: 'Updated by', type: 'user', cardinality: 'option' },
];

const any = (field: string, ...values: string[]): Condition => ({ field, operator: 'any', values });
const yes = (field: string): Condition => ({ field, operator: 'yes', values: [] });
const isOpen = (): Condition => any('stage', 'New', 'InProgress');
const isMine = (): Condition => any('assignee', session.login);

const quick = (label: string, ...conditions: (() => Condition)[]): QuickFilter => ({
  label,
  conditions: () => [conditions.map((condition) => condition())],
});

const quickFilters: readonly QuickFilter[] = [
  quick('Open', isOpen),
  quick('Closed', () => any('stage', 'Closed')),
  quick('My cases', isMine),
  quick('My open cases', isMine, isOpen),
  quick('Unassigned', () => ({ field: 'assignee', operator: 'empty', values: [] })),
  quick('Overdue', () => yes('overdue')),
  quick('Flagged', () => yes('flag')),
  quick('Owned by my organization', () => ({
    field: 'owningOrganisation',
    operator: 'is',
    values: [session.current?.organisation.name ?? ''],
  })),
];

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
      hint: 'Completed of all that are not cancelled',
    },
    { id: 'due', label: 'Due', sort: 'dueDate', width: '102px' },
    { id: 'assignee', label: 'Assignee', sort: 'assignee', width: 'clamp(136px, 11vw, 210px)' },
    { id: 'start', label: 'Start', sort: 'startDate', width: '98px', from: 1500 },
    { id: 'created', label: 'Created', sort: '_createdAt', width: '98px' },
    { id: 'updated', label: 'Updated', sort: '_updatedAt', width: '98px', from: 1320 },
  ],
  fields,
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
  quickFilters,
  statistics,
  addLabel: 'Add case',
  nameOf: ({ number, title }) => `#${String(number)} - ${title}`,
  hrefOf: ({ number }) => `/cases/${String(number)}`,
};
