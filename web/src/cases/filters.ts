/** What cases can be filtered by, wherever some are listed. */
import { caseStatuses } from '../api/case-statuses.svelte';
import { session } from '../api/session.svelte';
import type { Condition } from '../lists/conditions';
import type { FilterField, QuickFilter } from '../lists/definition';
import { any, quick, scale, yes } from '../lists/shorthand';
import { PAPS, SEVERITIES, TLPS } from '../ui/levels';
import { IMPACTS } from './impact';

const STAGES = [
  { value: 'New', label: 'New' },
  { value: 'InProgress', label: 'In progress' },
  { value: 'Closed', label: 'Closed' },
];

export const caseFields: readonly FilterField[] = [
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
  { name: 'patternId', label: 'TTP', type: 'string', cardinality: 'list' },
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

const isOpen = (): Condition => any('stage', 'New', 'InProgress');
const isMine = (): Condition => any('assignee', session.login);

export const caseQuickFilters: readonly QuickFilter[] = [
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
