import { expect, test } from 'vitest';
import { described, fitting, grouped } from './permissions';

const permission = (name: string, ...scope: string[]) => ({ name, label: `May ${name}`, scope });
const some = [
  permission('manageCase/create', 'organisation'),
  permission('manageCaseTemplate', 'organisation'),
  permission('manageObservableTemplate', 'admin'),
  permission('manageUser', 'admin', 'organisation'),
  permission('somethingNew', 'organisation'),
];

test('every permission is in exactly one group, a new one under Other', () => {
  const groups = grouped(some);
  expect(groups.map(({ title }) => title)).toEqual([
    'Platform',
    'Organization',
    'Cases',
    'Templates',
    'Other',
  ]);
  expect(groups.flatMap((group) => group.permissions)).toHaveLength(some.length);
});

test('a template of cases is no case, and a type of observables is the platform’s', () => {
  const titleOf = (name: string) =>
    grouped(some).find(({ permissions }) => permissions.some((one) => one.name === name))?.title;
  expect(titleOf('manageCaseTemplate')).toBe('Templates');
  expect(titleOf('manageObservableTemplate')).toBe('Platform');
});

test('a profile is offered what fits its type', () => {
  const names = (type: 'Admin' | 'Organisation') => fitting(some, type).map(({ name }) => name);
  expect(names('Admin')).toEqual(['manageObservableTemplate', 'manageUser']);
  expect(names('Organisation')).toContain('manageUser');
  expect(names('Organisation')).not.toContain('manageObservableTemplate');
});

test('a name nobody described stands for itself', () => {
  expect(described(['manageUser', 'fly'], some).map(({ label }) => label)).toEqual(['May manageUser', 'fly']);
});
