/** The list of profiles: columns, filters and what they are called. */
import { SYSTEM_LOGIN } from '../../api/people.svelte';
import { Query } from '../../api/query';
import type { Profile } from '../../api/types';
import type { ListDefinition } from '../../lists/definition';

/** Whom a profile is for, in words. */
export const PROFILE_TYPES: Readonly<Record<Profile['type'], string>> = {
  Admin: 'Administration',
  Organisation: 'Organization',
  External: 'External',
};

/** Predefined profiles keep their names and cannot be deleted. */
export const isPredefined = (profile: Profile): boolean => profile._createdBy === SYSTEM_LOGIN;

export const profileList: ListDefinition<Profile> = {
  entity: 'profile',
  noun: { one: 'profile', many: 'profiles' },
  model: 'profile',
  objectType: 'Profile',
  start: () => Query.list('listProfile'),
  columns: [
    { id: 'name', label: 'Name', sort: 'name', width: '220px' },
    { id: 'type', label: 'Type', sort: 'type', width: '128px' },
    { id: 'count', label: 'Allows', width: '72px', hint: 'How many permissions' },
    { id: 'permissions', label: 'Permissions' },
    { id: 'kind', label: 'Kind', width: '110px', from: 1000 },
    { id: 'createdAt', label: 'Created', sort: '_createdAt', width: '130px', from: 1100 },
  ],
  fields: [
    { name: 'name', label: 'Name', type: 'string' },
    { name: 'type', label: 'Type', type: 'enumeration' },
    { name: 'permissions', label: 'Permissions', type: 'string', cardinality: 'list' },
    { name: 'editable', label: 'Editable', type: 'boolean' },
    { name: '_createdBy', label: 'Created by', type: 'user' },
    { name: '_createdAt', label: 'Created', type: 'date' },
  ],
  quickFilters: [
    {
      label: 'For organizations',
      conditions: () => [[{ field: 'type', operator: 'any', values: ['Organisation'] }]],
    },
    { label: 'Editable', conditions: () => [[{ field: 'editable', operator: 'yes', values: [] }]] },
  ],
  defaultSort: { field: 'name', direction: 'asc' },
  addLabel: 'Add profile',
  nameOf: (profile) => profile.name,
};
