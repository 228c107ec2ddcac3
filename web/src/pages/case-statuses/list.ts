/** The list of case statuses: columns, filters and what they are called. */
import { Query } from '../../api/query';
import type { CaseStatus, Stage } from '../../api/types';
import type { ListDefinition } from '../../lists/definition';
import { SYSTEM_LOGIN } from '../../api/people.svelte';

export const STAGES: readonly { value: Stage; label: string }[] = [
  { value: 'New', label: 'New' },
  { value: 'InProgress', label: 'In progress' },
  { value: 'Closed', label: 'Closed' },
];

export const stageWords = (stage: Stage): string =>
  STAGES.find(({ value }) => value === stage)?.label ?? stage;

/** Predefined statuses stay; they can be hidden. */
export const isPredefined = (status: CaseStatus): boolean => status._createdBy === SYSTEM_LOGIN;

export const caseStatusList: ListDefinition<CaseStatus> = {
  entity: 'caseStatus',
  noun: { one: 'case status', many: 'case statuses' },
  model: 'caseStatus',
  objectType: 'CaseStatus',
  start: () => Query.list('listCaseStatus'),
  extraData: ['canDelete'],
  columns: [
    { id: 'colour', label: 'Color', width: '76px' },
    { id: 'value', label: 'Status', sort: 'value', width: '220px' },
    { id: 'stage', label: 'Stage', sort: 'stage', width: '130px' },
    { id: 'order', label: 'Order', sort: 'order', width: '80px' },
    { id: 'visibility', label: 'Visibility', sort: 'hidden', width: '110px' },
    { id: 'description', label: 'Description' },
    { id: 'kind', label: 'Kind', width: '110px', from: 1000 },
  ],
  fields: [
    { name: 'value', label: 'Status', type: 'string' },
    { name: 'stage', label: 'Stage', type: 'enumeration', options: () => [...STAGES] },
    { name: 'hidden', label: 'Hidden', type: 'boolean' },
    { name: '_createdBy', label: 'Created by', type: 'user' },
    { name: '_createdAt', label: 'Created', type: 'date' },
  ],
  quickFilters: STAGES.map(({ value, label }) => ({
    label,
    conditions: () => [[{ field: 'stage', operator: 'any' as const, values: [value] }]],
  })),
  defaultSort: { field: 'order', direction: 'asc' },
  addLabel: 'Add case status',
  nameOf: (status) => status.value,
};
