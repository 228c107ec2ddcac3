/** The list of organisations: columns, filters and what they are called. */
import { Query } from '../../api/query';
import type { Organisation } from '../../api/types';
import type { ListDefinition } from '../../lists/definition';

/** The page of an organisation. */
export const hrefOf = ({ _id }: Organisation): string => `/organisations/${_id}`;

export const organisationList: ListDefinition<Organisation> = {
  entity: 'organisation',
  noun: { one: 'organization', many: 'organizations' },
  model: 'organisation',
  objectType: 'Organisation',
  start: () => Query.list('listOrganisation'),
  extraData: ['userCount'],
  columns: [
    { id: 'state', label: 'State', width: '104px' },
    { id: 'name', label: 'Name', sort: 'name' },
    { id: 'description', label: 'Description', width: '26%', from: 900 },
    { id: 'users', label: 'Users', width: '80px', from: 760 },
    { id: 'createdBy', label: 'Created by', width: '170px', from: 1100 },
    { id: 'createdAt', label: 'Created', sort: '_createdAt', width: '150px' },
  ],
  fields: [
    { name: 'name', label: 'Name', type: 'string' },
    { name: 'description', label: 'Description', type: 'string' },
    { name: 'locked', label: 'Locked', type: 'boolean' },
    { name: '_createdBy', label: 'Created by', type: 'user' },
    { name: '_createdAt', label: 'Created', type: 'date' },
  ],
  quickFilters: [
    { label: 'Active', conditions: () => [[{ field: 'locked', operator: 'no', values: [] }]] },
    { label: 'Locked', conditions: () => [[{ field: 'locked', operator: 'yes', values: [] }]] },
  ],
  statistics: [
    {
      title: 'Organizations by state',
      field: 'locked',
      label: (value) => (value === 'true' ? 'Locked' : 'Active'),
      colour: (value) => (value === 'true' ? '--ink-faint' : '--good'),
      condition: (value) => ({ field: 'locked', operator: value === 'true' ? 'yes' : 'no', values: [] }),
    },
  ],
  defaultSort: { field: '_createdAt', direction: 'desc' },
  addLabel: 'Add organization',
  nameOf: (organisation) => organisation.name,
  hrefOf,
};
