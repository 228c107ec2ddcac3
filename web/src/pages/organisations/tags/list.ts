/** The list of free tags: columns, filters and what they are called. */
import { Query } from '../../../api/query';
import type { Tag } from '../../../api/types';
import type { ListDefinition } from '../../../lists/definition';

/** How many of a kind carry the tag. */
export function usageOf(tag: Tag, kind: string): number {
  const usage = tag.extraData['usage'] as Record<string, number> | undefined;
  return usage?.[kind] ?? 0;
}

/** All that carries the tag. */
export const carriersOf = (tag: Tag): number =>
  Object.values((tag.extraData['usage'] as Record<string, number> | undefined) ?? {}).reduce(
    (sum, count) => sum + count,
    0,
  );

export const tagList: ListDefinition<Tag> = {
  entity: 'freetag',
  noun: { one: 'tag', many: 'tags' },
  model: 'tag',
  objectType: 'Tag',
  start: () => Query.list('freetags'),
  extraData: ['usage'],
  columns: [
    { id: 'colour', label: 'Color', width: '76px' },
    { id: 'name', label: 'Name', sort: 'text', width: '260px' },
    { id: 'description', label: 'Description' },
    { id: 'case', label: 'Cases', width: '80px' },
    { id: 'alert', label: 'Alerts', width: '80px' },
    { id: 'observable', label: 'Observables', width: '110px' },
    { id: 'caseTemplate', label: 'Templates', width: '100px', from: 900 },
    { id: 'createdAt', label: 'First used', sort: '_createdAt', width: '130px', from: 1000 },
  ],
  fields: [
    { name: 'text', label: 'Name', type: 'string' },
    { name: 'description', label: 'Description', type: 'string' },
    { name: '_createdBy', label: 'First used by', type: 'user' },
    { name: '_createdAt', label: 'First used', type: 'date' },
  ],
  defaultSort: { field: 'text', direction: 'asc' },
  emptyText: 'A tag comes to be when somebody puts it on a case, an alert or an observable.',
  nameOf: (tag) => tag.predicate,
};
