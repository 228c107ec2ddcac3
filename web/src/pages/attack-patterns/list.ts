/** The list of attack patterns: columns, filters and what they are called. */
import { Query } from '../../api/query';
import type { Catalog, Pattern } from '../../api/types';
import type { ListDefinition } from '../../lists/definition';

/** The catalog of a row. */
export const catalogOf = (pattern: Pattern): Catalog | undefined =>
  pattern.extraData['catalog'] as Catalog | undefined;

export const patternList: ListDefinition<Pattern> = {
  entity: 'pattern',
  noun: { one: 'attack pattern', many: 'attack patterns' },
  model: 'pattern',
  objectType: 'Pattern',
  start: () => Query.list('listPattern'),
  extraData: ['catalog', 'tactics'],
  columns: [
    { id: 'patternId', label: 'Id', sort: 'patternId', width: '96px' },
    { id: 'name', label: 'Name', sort: 'name' },
    { id: 'tactics', label: 'Tactics', width: '280px', from: 900 },
    { id: 'catalog', label: 'Catalog', width: '150px' },
    { id: 'state', label: 'State', width: '92px' },
  ],
  fields: [
    { name: 'name', label: 'Name', type: 'string' },
    { name: 'patternId', label: 'Id', type: 'string' },
    { name: 'tactics', label: 'Tactic', type: 'string', cardinality: 'list' },
    { name: 'parent', label: 'Part of', type: 'string', cardinality: 'option' },
    { name: 'revoked', label: 'Revoked', type: 'boolean' },
  ],
  quickFilters: [
    { label: 'In use', conditions: () => [[{ field: 'revoked', operator: 'no', values: [] }]] },
    {
      label: 'Techniques without parts',
      conditions: () => [[{ field: 'parent', operator: 'empty', values: [] }]],
    },
  ],
  defaultSort: { field: 'patternId', direction: 'asc' },
  nameOf: ({ patternId, name }) => `${patternId} ${name}`,
};
