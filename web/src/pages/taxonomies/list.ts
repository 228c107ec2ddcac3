/** The list of taxonomies: columns, filters and what they are called. */
import { Query } from '../../api/query';
import type { Taxonomy } from '../../api/types';
import type { ListDefinition } from '../../lists/definition';

export const isEnabled = (taxonomy: Taxonomy): boolean => taxonomy.extraData['enabled'] === true;
export const isPredefined = (taxonomy: Taxonomy): boolean => taxonomy.extraData['predefined'] === true;
export const numberOfTags = (taxonomy: Taxonomy): number => Number(taxonomy.extraData['numberOfTags'] ?? 0);

export const taxonomyList: ListDefinition<Taxonomy> = {
  entity: 'taxonomy',
  noun: { one: 'taxonomy', many: 'taxonomies' },
  model: 'taxonomy',
  objectType: 'Taxonomy',
  start: () => Query.list('listTaxonomy'),
  extraData: ['enabled', 'numberOfTags', 'predefined'],
  columns: [
    { id: 'enabled', label: 'Active', sort: 'enabled', width: '84px' },
    { id: 'namespace', label: 'Name', sort: 'namespace' },
    { id: 'version', label: 'Version', sort: 'version', width: '110px' },
    { id: 'tags', label: 'Tags', sort: 'numberOfTags', width: '90px' },
    { id: 'kind', label: 'Kind', sort: 'predefined', width: '120px', from: 800 },
  ],
  fields: [
    { name: 'namespace', label: 'Name', type: 'string' },
    { name: 'enabled', label: 'Active', type: 'boolean' },
    { name: 'predefined', label: 'Brought by the program', type: 'boolean' },
    { name: 'numberOfTags', label: 'Number of tags', type: 'integer' },
  ],
  quickFilters: [
    { label: 'Active', conditions: () => [[{ field: 'enabled', operator: 'yes', values: [] }]] },
  ],
  defaultSort: { field: 'namespace', direction: 'asc' },
  addLabel: 'Import taxonomies',
  nameOf: (taxonomy) => taxonomy.namespace,
};
