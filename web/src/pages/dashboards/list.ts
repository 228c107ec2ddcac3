/** The list of dashboards: columns, filters and what they are called. */
import { Query } from '../../api/query';
import { session } from '../../api/session.svelte';
import type { Dashboard } from '../../api/types';
import type { ListDefinition } from '../../lists/definition';

export const dashboardPath = ({ _id }: { _id: string }): string => `/dashboards/${_id}`;

/** Whether this person may change it: the server asks for the permission too. */
export const mayChange = ({ writable }: Dashboard): boolean => writable && session.can('manageDashboard');

export const dashboardList: ListDefinition<Dashboard> = {
  entity: 'dashboard',
  noun: { one: 'dashboard', many: 'dashboards' },
  model: 'dashboard',
  objectType: 'Dashboard',
  start: () => Query.list('listDashboard'),
  columns: [
    { id: 'status', label: 'Status', sort: 'status', width: '100px' },
    { id: 'title', label: 'Name', sort: 'title' },
    { id: 'group', label: 'Group', sort: 'group', width: '130px', from: 900 },
    { id: 'version', label: 'Version', sort: 'version', width: '84px', from: 1000 },
    { id: 'widgets', label: 'Widgets', width: '84px' },
    { id: 'owner', label: 'Owner', sort: 'owner', width: 'clamp(150px, 14vw, 230px)' },
    { id: 'created', label: 'Created', sort: '_createdAt', width: '110px', from: 1100 },
    { id: 'updated', label: 'Updated', sort: '_updatedAt', width: '110px', from: 1240 },
  ],
  fields: [
    { name: 'title', label: 'Name', type: 'string' },
    { name: 'status', label: 'Status', type: 'enumeration' },
    { name: 'group', label: 'Group', type: 'string', operators: ['is', 'not'] },
    { name: 'owner', label: 'Owner', type: 'user', cardinality: 'option' },
    { name: '_createdAt', label: 'Created', type: 'date' },
    { name: '_updatedAt', label: 'Updated', type: 'date', cardinality: 'option' },
  ],
  quickFilters: [
    {
      label: 'Mine',
      conditions: () => [[{ field: 'owner', operator: 'any', values: [session.login] }]],
    },
    {
      label: 'Shared',
      conditions: () => [[{ field: 'status', operator: 'any', values: ['Shared'] }]],
    },
    {
      label: 'Private',
      conditions: () => [[{ field: 'status', operator: 'any', values: ['Private'] }]],
    },
  ],
  defaultSort: { field: 'title', direction: 'asc' },
  addLabel: 'Add dashboard',
  emptyText: 'A dashboard shows figures of cases, alerts and observables, and leads to what they count.',
  nameOf: ({ title }) => title,
  hrefOf: dashboardPath,
};
