/** What alerts can be filtered by, wherever some are listed. */
import { alertStatuses } from '../api/alert-statuses.svelte';
import { session } from '../api/session.svelte';
import type { FilterField, QuickFilter } from '../lists/definition';
import { any, quick, scale } from '../lists/shorthand';
import { PAPS, SEVERITIES, TLPS } from '../ui/levels';

const STAGES = [
  { value: 'New', label: 'New' },
  { value: 'InProgress', label: 'In progress' },
  { value: 'Imported', label: 'Imported' },
  { value: 'Closed', label: 'Closed' },
];

export const alertFields: readonly FilterField[] = [
  {
    name: 'status',
    label: 'Status',
    type: 'enumeration',
    options: () => alertStatuses.offered(['New', 'InProgress', 'Imported', 'Closed']),
  },
  { name: 'stage', label: 'Stage', type: 'enumeration', options: () => STAGES },
  scale('severity', 'Severity', SEVERITIES),
  { name: 'assignee', label: 'Assignee', type: 'user', cardinality: 'option' },
  { name: 'tags', label: 'Tags', type: 'string', cardinality: 'list' },
  { name: 'title', label: 'Title', type: 'string' },
  { name: 'type', label: 'Type', type: 'string' },
  { name: 'source', label: 'Source', type: 'string' },
  { name: 'sourceRef', label: 'Reference', type: 'string' },
  { name: 'keyword', label: 'Any text', type: 'string', operators: ['contains'] },
  { name: 'description', label: 'Description', type: 'string', operators: ['contains'] },
  { name: 'imported', label: 'In a case', type: 'boolean' },
  { name: 'follow', label: 'Followed', type: 'boolean' },
  scale('tlp', 'TLP', TLPS),
  scale('pap', 'PAP', PAPS),
  { name: 'date', label: 'Date', type: 'date' },
  { name: 'importedDate', label: 'Imported', type: 'date', cardinality: 'option' },
  { name: 'closedDate', label: 'Closed', type: 'date', cardinality: 'option' },
  { name: '_createdAt', label: 'Created', type: 'date' },
  { name: '_createdBy', label: 'Created by', type: 'user' },
  { name: '_updatedAt', label: 'Updated', type: 'date', cardinality: 'option' },
];

export const alertQuickFilters: readonly QuickFilter[] = [
  quick('New', () => any('stage', 'New')),
  quick('In progress', () => any('stage', 'InProgress')),
  quick('Open', () => any('stage', 'New', 'InProgress')),
  quick('Imported', () => any('stage', 'Imported')),
  quick('Closed', () => any('stage', 'Closed')),
  quick('My alerts', () => any('assignee', session.login)),
  quick(
    'My open alerts',
    () => any('assignee', session.login),
    () => any('stage', 'New', 'InProgress'),
  ),
  quick('Unassigned', () => ({ field: 'assignee', operator: 'empty', values: [] })),
];
