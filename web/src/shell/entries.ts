/**
 * Where one can go: the rail's pages in the order people know, and those that have a
 * key only. An entry whose page is not in the route table is not shown, nor one that
 * this person could not use.
 */
import Briefcase from '@lucide/svelte/icons/briefcase';
import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import Landmark from '@lucide/svelte/icons/landmark';
import ListChecks from '@lucide/svelte/icons/list-checks';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import { preferences } from '../accounts/preferences.svelte';
import { Query } from '../api/query';
import { session } from '../api/session.svelte';
import type { Right } from '../api/types';
import { exists } from '../routes';

export interface Entry {
  label: string;
  path: string;
  icon: Component<{ size?: number }>;
  where: 'admin' | 'ordinary';
  /** The letter after `g`. */
  key: string;
  /** Only for a profile that allows this. */
  needs?: Right;
  /** A line above it: it is no part of the daily work. */
  apart?: true;
  /** A number on the icon, counted again when such objects change. */
  badge?: { objectType: string; query: () => Query; meaning: string };
}

const ENTRIES: readonly Entry[] = [
  { label: 'Organizations', path: '/organisations', icon: Landmark, where: 'admin', key: 'o' },
  { label: 'Users', path: '/users', icon: Users, where: 'admin', key: 'u', needs: 'manageUser' },
  {
    label: 'Entities management',
    path: '/profiles',
    icon: SlidersHorizontal,
    where: 'admin',
    key: 'e',
    needs: 'manageProfile',
  },
  {
    label: 'Platform status',
    path: '/platform',
    icon: HeartPulse,
    where: 'admin',
    key: 'p',
    needs: 'managePlatform',
    apart: true,
  },
  {
    label: 'Cases',
    path: '/cases',
    icon: Briefcase,
    where: 'ordinary',
    key: 'c',
    badge: {
      objectType: 'Case',
      query: () => Query.list('listCase').filter({ _eq: { _field: 'stage', _value: 'New' } }),
      meaning: 'in stage New',
    },
  },
  {
    label: 'Tasks',
    path: '/tasks',
    icon: ListChecks,
    where: 'ordinary',
    key: 't',
    badge: {
      objectType: 'Task',
      query: () =>
        Query.list('listTask').filter({
          _and: [
            { _eq: { _field: 'assignee', _value: session.login } },
            { _in: { _field: 'status', _values: ['Waiting', 'InProgress'] } },
          ],
        }),
      meaning: 'of my open',
    },
  },
  {
    label: 'Organization',
    path: '/organisation',
    icon: Landmark,
    where: 'ordinary',
    key: 'o',
    needs: 'manageUser',
    apart: true,
  },
];

/** Pages outside the rail that have a key. */
const OTHERS: readonly Pick<Entry, 'label' | 'path' | 'key'>[] = [
  { label: 'Settings', path: '/settings', key: 's' },
  { label: 'API documentation', path: '/api-docs', key: 'h' },
];

/** The entries for the current organisation. */
export function railEntries(): Entry[] {
  const where = session.isAdminOrganisation ? 'admin' : 'ordinary';
  return ENTRIES.filter((entry) => entry.where === where && isUsable(entry));
}

/** Everything that `g` and a letter lead to. */
export function destinations(): Pick<Entry, 'label' | 'path' | 'key'>[] {
  return [...railEntries(), ...OTHERS.filter(({ path }) => exists(path))];
}

/** The pages one may choose to land on: those of both kinds of organisations. */
export function homeChoices(): Pick<Entry, 'label' | 'path'>[] {
  return ENTRIES.filter(({ path, apart }) => !apart && exists(path));
}

/** Where a person lands after signing in or switching: the page chosen in the settings where it is offered. */
export function homePath(): string | undefined {
  const entries = railEntries();
  return (entries.find(({ path }) => path === preferences.home) ?? entries[0])?.path;
}

const isUsable = ({ path, needs }: Entry): boolean =>
  exists(path) && (needs === undefined || session.can(needs));
