/** The list of case templates: columns, filters and what they are called. */
import { Query } from '../../../api/query';
import type { CaseTemplate } from '../../../api/types';
import type { ListDefinition } from '../../../lists/definition';

export const templateList: ListDefinition<CaseTemplate> = {
  entity: 'caseTemplate',
  noun: { one: 'case template', many: 'case templates' },
  model: 'caseTemplate',
  objectType: 'CaseTemplate',
  start: () => Query.list('listCaseTemplate'),
  columns: [
    { id: 'levels', label: 'Levels', width: '196px' },
    { id: 'name', label: 'Name', sort: 'name', width: '260px' },
    { id: 'prefix', label: 'Title prefix', width: '140px', from: 900 },
    { id: 'details', label: 'Brings' },
    { id: 'by', label: 'Created by', width: '150px', from: 1100 },
    { id: 'createdAt', label: 'Created', sort: '_createdAt', width: '120px', from: 1000 },
    { id: 'updatedAt', label: 'Updated', sort: '_updatedAt', width: '120px', from: 1200 },
  ],
  fields: [
    { name: 'name', label: 'Name', type: 'string' },
    { name: 'displayName', label: 'Display name', type: 'string' },
    { name: 'tags', label: 'Tags', type: 'string', cardinality: 'list' },
    { name: '_createdBy', label: 'Created by', type: 'user' },
    { name: '_createdAt', label: 'Created', type: 'date' },
  ],
  defaultSort: { field: 'name', direction: 'asc' },
  addLabel: 'Add case template',
  emptyText:
    'A case template holds what cases of one kind begin with: tasks in their order, custom fields to fill in, tags and levels. Whoever creates a case chooses it.',
  nameOf: (template) => template.displayName,
};
