/** The list of custom fields: columns, filters and what they are called. */
import { Query } from '../../api/query';
import type { CustomField } from '../../api/types';
import { TYPES } from '../../custom-fields/values';
import type { ListDefinition } from '../../lists/definition';

export const customFieldList: ListDefinition<CustomField> = {
  entity: 'customField',
  noun: { one: 'custom field', many: 'custom fields' },
  model: 'customField',
  objectType: 'CustomField',
  start: () => Query.list('listCustomField'),
  columns: [
    { id: 'name', label: 'Name', sort: 'displayName', width: '240px' },
    { id: 'group', label: 'Group', sort: 'group', width: '150px' },
    { id: 'type', label: 'Type', sort: 'type', width: '96px' },
    { id: 'mandatory', label: 'Mandatory', sort: 'mandatory', width: '104px' },
    { id: 'description', label: 'Description' },
    { id: 'options', label: 'Options', width: '220px', from: 1000 },
    { id: 'createdAt', label: 'Created', sort: '_createdAt', width: '130px', from: 1200 },
  ],
  fields: [
    { name: 'displayName', label: 'Display name', type: 'string' },
    { name: 'name', label: 'Technical name', type: 'string' },
    { name: 'group', label: 'Group', type: 'string' },
    { name: 'type', label: 'Type', type: 'enumeration', options: () => [...TYPES] },
    { name: 'mandatory', label: 'Mandatory', type: 'boolean' },
    { name: '_createdBy', label: 'Created by', type: 'user' },
    { name: '_createdAt', label: 'Created', type: 'date' },
  ],
  quickFilters: [
    { label: 'Mandatory', conditions: () => [[{ field: 'mandatory', operator: 'yes', values: [] }]] },
  ],
  defaultSort: { field: 'group', direction: 'asc' },
  addLabel: 'Add custom field',
  emptyText:
    'Custom fields hold what your cases and alerts need beyond the usual: a business unit, a ticket number, a loss in money. Values can be filtered, sorted and counted.',
  nameOf: (field) => field.displayName,
};
