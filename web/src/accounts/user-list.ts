/** The list of users: columns, filters and what they are called. */
import { Query } from '../api/query';
import type { Organisation, Profile, User } from '../api/types';
import type { Conditions } from '../lists/conditions';
import type { ListDefinition } from '../lists/definition';

interface Choices {
  organisations: () => readonly Organisation[];
  profiles: () => readonly Profile[];
}

const yes = (field: string): Conditions => [[{ field, operator: 'yes', values: [] }]];
const no = (field: string): Conditions => [[{ field, operator: 'no', values: [] }]];

/** All users that are visible here, or the members of one organisation. */
export function userList(choices: Choices, organisationId?: string): ListDefinition<User> {
  const named = (names: readonly { name: string }[]) =>
    names.map(({ name }) => ({ value: name, label: name }));
  return {
    entity: 'user',
    noun: { one: 'user', many: 'users' },
    model: 'user',
    objectType: 'User',
    start: () =>
      organisationId === undefined
        ? Query.list('listUser')
        : Query.get('getOrganisation', organisationId).then('users'),
    columns: [
      { id: 'state', label: 'Active', sort: 'locked', width: '92px' },
      { id: 'name', label: 'Name', sort: 'name' },
      { id: 'organisations', label: 'Organizations', width: '118px' },
      { id: 'profile', label: 'Profile', width: '112px', from: 780 },
      { id: 'mfa', label: 'MFA', width: '58px', from: 900, hint: 'Multi-factor authentication' },
      { id: 'key', label: 'API key', width: '68px', from: 1000 },
      { id: 'type', label: 'Type', sort: 'type', width: '82px', from: 1000 },
      { id: 'createdBy', label: 'Created by', sort: '_createdBy', width: '142px', from: 1180 },
      { id: 'createdAt', label: 'Created', sort: '_createdAt', width: '138px', from: 700 },
      { id: 'updatedAt', label: 'Updated', sort: '_updatedAt', width: '138px', from: 1400 },
    ],
    fields: [
      { name: 'name', label: 'Name', type: 'string' },
      { name: 'login', label: 'Login', type: 'string' },
      { name: 'type', label: 'Type', type: 'enumeration' },
      { name: 'locked', label: 'Locked', type: 'boolean' },
      {
        name: 'organisation',
        label: 'Organization',
        type: 'enumeration',
        options: () => named(choices.organisations()),
      },
      { name: 'profile', label: 'Profile', type: 'enumeration', options: () => named(choices.profiles()) },
      { name: 'email', label: 'Email', type: 'string', cardinality: 'option' },
      { name: 'hasMFA', label: 'MFA', type: 'boolean' },
      { name: 'hasKey', label: 'API key', type: 'boolean' },
      { name: 'hasPassword', label: 'Password', type: 'boolean' },
      { name: '_createdBy', label: 'Created by', type: 'user' },
      { name: '_createdAt', label: 'Created', type: 'date' },
      { name: '_updatedAt', label: 'Updated', type: 'date', cardinality: 'option' },
    ],
    quickFilters: [
      { label: 'Active', conditions: () => no('locked') },
      { label: 'Locked', conditions: () => yes('locked') },
      { label: 'Without MFA', conditions: () => no('hasMFA') },
      {
        label: 'Service users',
        conditions: () => [[{ field: 'type', operator: 'any', values: ['Service'] }]],
      },
    ],
    statistics: [
      {
        title: 'Users by state',
        field: 'locked',
        label: (value) => (value === 'true' ? 'Locked' : 'Active'),
        colour: (value) => (value === 'true' ? '--ink-faint' : '--good'),
        condition: (value) => ({ field: 'locked', operator: value === 'true' ? 'yes' : 'no', values: [] }),
      },
      { title: 'Users by type', field: 'type' },
    ],
    defaultSort: { field: '_createdAt', direction: 'desc' },
    addLabel: 'Add user',
    nameOf: (user) => user.name,
  };
}
