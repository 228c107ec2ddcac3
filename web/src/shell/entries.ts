/**
 * The rail: which pages it leads to in which organisation, in the order people know.
 * An entry whose page is not in the route table is not shown.
 */
import Briefcase from '@lucide/svelte/icons/briefcase';
import Landmark from '@lucide/svelte/icons/landmark';
import ListChecks from '@lucide/svelte/icons/list-checks';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import { Query } from '../api/query';
import { session } from '../api/session.svelte';
import { exists } from '../routes';

export interface Entry {
  label: string;
  path: string;
  icon: Component<{ size?: number }>;
  where: 'admin' | 'ordinary';
  /** The letter after `g`. */
  key: string;
  /** A number on the icon, counted again when such objects change. */
  badge?: { objectType: string; query: () => Query; meaning: string };
}

const ENTRIES: readonly Entry[] = [
  { label: 'Organizations', path: '/organisations', icon: Landmark, where: 'admin', key: 'o' },
  { label: 'Users', path: '/users', icon: Users, where: 'admin', key: 'u' },
  { label: 'Entities management', path: '/profiles', icon: SlidersHorizontal, where: 'admin', key: 'e' },
  {
    label: 'Cases',
    path: '/cases',
    icon: Briefcase,
    where: 'ordinary',
    key: 'c',
    badge: {
      objectType: 'Case',
      query: () => Query.list('listCase').filter({ _eq: { _field: 'stage', _value: 'New' } }),
      meaning: 'new',
    },
  },
  { label: 'Tasks', path: '/tasks', icon: ListChecks, where: 'ordinary', key: 't' },
];

/** The entries for the current organisation. */
export function railEntries(): Entry[] {
  const where = session.isAdminOrganisation ? 'admin' : 'ordinary';
  return ENTRIES.filter((entry) => entry.where === where && exists(entry.path));
}

/** Where a person lands after signing in or switching. */
export function homePath(): string | undefined {
  return railEntries()[0]?.path;
}
