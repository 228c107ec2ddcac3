/** The list of observable types: columns, filters and what they are called. */
import { SYSTEM_LOGIN } from '../../api/people.svelte';
import { Query } from '../../api/query';
import type { ObservableType } from '../../api/types';
import type { ListDefinition } from '../../lists/definition';

export const isPredefined = (type: ObservableType): boolean => type._createdBy === SYSTEM_LOGIN;

export const observableTypeList: ListDefinition<ObservableType> = {
  entity: 'observable-type',
  noun: { one: 'observable type', many: 'observable types' },
  model: 'observableType',
  objectType: 'ObservableType',
  start: () => Query.list('listObservableType'),
  columns: [
    { id: 'name', label: 'Name', sort: 'name' },
    { id: 'kind', label: 'Observables are', sort: 'isAttachment', width: '150px' },
    { id: 'case', label: 'Letter case', sort: 'isCaseSensitive', width: '190px' },
    { id: 'origin', label: 'Kind', width: '120px' },
    { id: 'createdAt', label: 'Created', sort: '_createdAt', width: '130px', from: 900 },
  ],
  fields: [
    { name: 'name', label: 'Name', type: 'string' },
    { name: 'isAttachment', label: 'Files', type: 'boolean' },
    { name: 'isCaseSensitive', label: 'Letter case matters', type: 'boolean' },
  ],
  defaultSort: { field: 'name', direction: 'asc' },
  addLabel: 'Add observable type',
  nameOf: ({ name }) => name,
};
