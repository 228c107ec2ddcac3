/**
 * Where one can go: the rail's pages in the order people know, and those that have a
 * key only. An entry whose page is not in the route table is not shown, nor one that
 * this person could not use.
 */
import BookOpen from '@lucide/svelte/icons/book-open';
import Briefcase from '@lucide/svelte/icons/briefcase';
import Crosshair from '@lucide/svelte/icons/crosshair';
import Grid from '@lucide/svelte/icons/grid-3x3';
import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import Landmark from '@lucide/svelte/icons/landmark';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ServerCog from '@lucide/svelte/icons/server-cog';
import Siren from '@lucide/svelte/icons/siren';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import Search from '@lucide/svelte/icons/search';
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
  { label: 'Knowledge base', path: '/knowledge-base', icon: BookOpen, where: 'admin', key: 'k' },
  {
    label: 'Attack patterns',
    path: '/attack-patterns',
    icon: Crosshair,
    where: 'admin',
    key: 'm',
    needs: 'managePattern',
  },
  {
    label: 'Integrations',
    path: '/integrations',
    icon: ServerCog,
    where: 'admin',
    key: 'i',
    needs: 'managePlatform',
    apart: true,
  },
  {
    label: 'Platform status',
    path: '/platform',
    icon: HeartPulse,
    where: 'admin',
    key: 'p',
    needs: 'managePlatform',
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
    label: 'Alerts',
    path: '/alerts',
    icon: Siren,
    where: 'ordinary',
    key: 'a',
    badge: {
      objectType: 'Alert',
      query: () => Query.list('listAlert').filter({ _eq: { _field: 'stage', _value: 'New' } }),
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
  { label: 'ATT&CK matrix', path: '/techniques', icon: Grid, where: 'ordinary', key: 'm' },
  { label: 'Knowledge base', path: '/knowledge-base', icon: BookOpen, where: 'ordinary', key: 'k' },
  {
    label: 'Dashboards',
    path: '/dashboards',
    icon: ChartColumn,
    where: 'ordinary',
    key: 'd',
  },
  { label: 'Search', path: '/search', icon: Search, where: 'ordinary', key: 'f' },
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
  { label: 'Page templates', path: '/page-templates', key: 'w' },
  { label: 'API documentation', path: '/api-docs', key: 'h' },
];

/** Parts of pages that people look for by their own names. */
const PARTS: readonly Pick<Entry, 'label' | 'path' | 'where' | 'needs'>[] = [
  { label: 'Cortex servers', path: '/integrations', where: 'admin', needs: 'managePlatform' },
  {
    label: 'Analyzer templates',
    path: '/integrations/analyzer-templates',
    where: 'admin',
    needs: 'manageAnalyzerTemplate',
  },
  { label: 'MISP servers', path: '/integrations/misp', where: 'admin', needs: 'managePlatform' },
];

/** The entries for the current organisation. */
export function railEntries(): Entry[] {
  return ENTRIES.filter(isOffered);
}

/** Everything that the palette leads to, some of it by `g` and a letter, too. */
export function destinations(): (Pick<Entry, 'label' | 'path'> & Partial<Pick<Entry, 'key'>>)[] {
  return [...railEntries(), ...OTHERS.filter(({ path }) => exists(path)), ...PARTS.filter(isOffered)];
}

/** The pages one may choose to land on: those of both kinds of organisations. */
export function homeChoices(): Pick<Entry, 'label' | 'path'>[] {
  const offered = ENTRIES.filter(({ path, apart }) => !apart && exists(path));
  return offered.filter(({ path }, at) => offered.findIndex((entry) => entry.path === path) === at);
}

/** Where a person lands after signing in or switching: the page chosen in the settings where it is offered. */
export function homePath(): string | undefined {
  const entries = railEntries();
  return (entries.find(({ path }) => path === preferences.home) ?? entries[0])?.path;
}

const isOffered = ({ path, where, needs }: Pick<Entry, 'path' | 'where' | 'needs'>): boolean =>
  session.isAdminOrganisation === (where === 'admin') &&
  exists(path) &&
  (needs === undefined || session.can(needs));
