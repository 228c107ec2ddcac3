/**
 * What a profile may allow, in words and in groups. The names and labels come from
 * the server; the groups are ours, so that 48 names can be read. Pure, but for `load`.
 */
import { api } from '../api/client';
import type { Permission as Known, Profile } from '../api/types';

/** A permission in words; a profile may hold names that this server does not know. */
export type Permission = Pick<Known, 'label'> & Partial<Pick<Known, 'scope'>> & { name: string };

export interface PermissionGroup {
  title: string;
  permissions: Permission[];
}

/** In reading order; the first whose pattern fits takes the permission. */
const GROUPS: readonly { title: string; pattern: RegExp }[] = [
  {
    title: 'Platform',
    pattern:
      /^manage(Organisation|Profile|Platform|CustomField|ObservableTemplate|AnalyzerTemplate|Pattern|Taxonomy)$/,
  },
  { title: 'Organization', pattern: /^manage(User|Config|Tag|KnowledgeBase|Dashboard)$/ },
  { title: 'Cases', pattern: /^manageCase(\/|Access)|^manage(Share|CustomEvent|Page|Procedure|CaseReport)$/ },
  {
    title: 'Tasks, comments and observables',
    pattern: /^manage(Task|Comment|Observable)$|^accessTheHiveFS$/,
  },
  { title: 'Alerts', pattern: /^manageAlert\// },
  { title: 'Templates', pattern: /Template$/ },
  { title: 'Analysis and automation', pattern: /^manage(Action|Analyse|Function\/|Orchestrator\/)/ },
];

const OTHER = 'Other';

/** The permissions in groups, without the groups that have none. */
export function grouped(permissions: readonly Permission[]): PermissionGroup[] {
  const titleOf = ({ name }: Permission) => GROUPS.find(({ pattern }) => pattern.test(name))?.title ?? OTHER;
  return [...GROUPS.map(({ title }) => title), OTHER]
    .map((title) => ({ title, permissions: permissions.filter((one) => titleOf(one) === title) }))
    .filter((group) => group.permissions.length > 0);
}

/** Those that fit a profile of this type. */
export function fitting(permissions: readonly Permission[], type: Profile['type']): Permission[] {
  const scope = type === 'Admin' ? 'admin' : 'organisation';
  return permissions.filter((permission) => permission.scope?.includes(scope) ?? true);
}

/** The given names with their labels; a name the server does not describe stands for itself. */
export function described(names: readonly string[], known: readonly Permission[]): Permission[] {
  return names.map((name) => known.find((one) => one.name === name) ?? { name, label: name });
}

let asked: Promise<Permission[]> | undefined;

/** All permissions, read once. */
export function loadPermissions(): Promise<Permission[]> {
  asked ??= api.get('/api/v1/permission').catch((thrown: unknown) => {
    asked = undefined;
    throw thrown;
  });
  return asked;
}
