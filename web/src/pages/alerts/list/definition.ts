/** The list of alerts: columns, filters, statistics and what they are called. */
import { alertFields, alertQuickFilters } from '../../../alerts/filters';
import { alertStatuses } from '../../../api/alert-statuses.svelte';
import { caseStatusWords } from '../../../api/case-statuses.svelte';
import { Query } from '../../../api/query';
import type { Alert } from '../../../api/types';
import type { ListDefinition, Statistic } from '../../../lists/definition';
import { severityOf } from '../../../ui/levels';

const STAGE_COLOURS: Record<string, string> = {
  New: '--stage-new',
  InProgress: '--stage-progress',
  Imported: '--stage-closed',
};

/** A verdict has no colour of its own: greys of the closed stage. */
const VERDICT_COLOURS: Record<string, string> = {
  FalsePositive: '--stage-other',
  Duplicate: '--field-line',
  Ignored: '--line-strong',
};

const statistics: readonly Statistic[] = [
  {
    title: 'Alerts by status',
    field: 'status',
    label: caseStatusWords,
    colour: (status) =>
      STAGE_COLOURS[alertStatuses.stageOf(status)] ?? VERDICT_COLOURS[status] ?? '--ink-soft',
  },
  {
    title: 'Alerts by severity',
    field: 'severity',
    colour: (value) => `--severity-${severityOf(Number(value)).name}`,
  },
  // A source is called as it calls itself.
  { title: 'Alerts by source', field: 'source', label: (source) => source },
];

export const alertList: ListDefinition<Alert> = {
  entity: 'alert',
  noun: { one: 'alert', many: 'alerts' },
  model: 'alert',
  objectType: 'Alert',
  start: () => Query.list('listAlert'),
  extraData: ['relatedCase'],
  columns: [
    { id: 'status', label: 'Status', width: 'clamp(124px, 10vw, 190px)' },
    { id: 'severity', label: 'Severity', sort: 'severity', width: '80px' },
    { id: 'title', label: 'Title', sort: 'title' },
    { id: 'type', label: 'Type', sort: 'type', width: '96px', from: 1480 },
    { id: 'source', label: 'Source', sort: 'source', width: '110px' },
    { id: 'reference', label: 'Reference', sort: 'sourceRef', width: '150px', from: 1400 },
    { id: 'observables', label: 'Obs.', width: '58px', hint: 'Observables', from: 1000 },
    { id: 'case', label: 'Case', width: '66px' },
    { id: 'assignee', label: 'Assignee', sort: 'assignee', width: 'clamp(130px, 10vw, 200px)' },
    { id: 'date', label: 'Date', sort: 'date', width: '98px', from: 1320 },
    { id: 'created', label: 'Created', sort: '_createdAt', width: '98px' },
  ],
  fields: alertFields,
  defaultSort: { field: '_createdAt', direction: 'desc' },
  ties: { severity: { field: '_createdAt', direction: 'desc' } },
  sorts: [
    { field: 'severity', label: 'Severity' },
    { field: 'title', label: 'Title' },
    { field: 'type', label: 'Type' },
    { field: 'source', label: 'Source' },
    { field: 'assignee', label: 'Assignee' },
    { field: 'date', label: 'Date' },
    { field: '_createdAt', label: 'Created' },
    { field: '_updatedAt', label: 'Updated' },
  ],
  quickFilters: alertQuickFilters,
  statistics,
  addLabel: 'Add alert',
  nameOf: ({ title }) => title,
  hrefOf: ({ _id }) => `/alerts/${_id}`,
};
