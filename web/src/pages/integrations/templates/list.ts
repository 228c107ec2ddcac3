/** The list of analyzer templates: columns, filters and what they are called. */
import { Query } from '../../../api/query';
import type { AnalyzerTemplate } from '../../../api/types';
import type { ListDefinition } from '../../../lists/definition';

export const analyzerTemplateList: ListDefinition<AnalyzerTemplate> = {
  entity: 'analyzerTemplate',
  noun: { one: 'analyzer template', many: 'analyzer templates' },
  model: 'analyzerTemplate',
  objectType: 'AnalyzerTemplate',
  start: () => Query.list('listAnalyzerTemplate'),
  columns: [
    { id: 'analyzer', label: 'Analyzer', sort: 'analyzerId' },
    { id: 'size', label: 'Size', width: '110px' },
  ],
  fields: [{ name: 'analyzerId', label: 'Analyzer', type: 'string' }],
  defaultSort: { field: 'analyzerId', direction: 'asc' },
  addLabel: 'Add analyzer template',
  nameOf: ({ analyzerId }) => analyzerId,
};
