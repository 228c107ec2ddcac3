/**
 * The table of pages. A page exists when it has a line here: the rail, the menus,
 * the palette and the `g`-keys leave out whatever has none.
 */
import { match, type Route } from './router';

export const routes: readonly Route[] = [
  { path: '/login', title: 'Sign in', page: () => import('./pages/login/LoginPage.svelte'), public: true },
  {
    path: '/organisations',
    title: 'Organizations',
    page: () => import('./pages/organisations/OrganisationsPage.svelte'),
    where: 'admin',
  },
  {
    path: '/organisations/:id',
    title: 'Organization',
    page: () => import('./pages/organisations/OrganisationPage.svelte'),
    where: 'admin',
  },
  {
    path: '/organisation',
    title: 'Organization',
    page: () => import('./pages/organisations/OrganisationPage.svelte'),
    where: 'ordinary',
  },
  { path: '/users', title: 'Users', page: () => import('./pages/users/UsersPage.svelte') },
  {
    path: '/profiles',
    title: 'Profiles',
    page: () => import('./pages/profiles/ProfilesPage.svelte'),
    where: 'admin',
  },
  {
    path: '/platform',
    title: 'Platform status',
    page: () => import('./pages/platform/PlatformPage.svelte'),
    where: 'admin',
  },
  { path: '/settings/:tab?', title: 'Settings', page: () => import('./pages/settings/SettingsPage.svelte') },
  {
    path: '/api-docs',
    title: 'API documentation',
    page: () => import('./pages/api-docs/ApiDocsPage.svelte'),
  },
  {
    path: '/cases',
    title: 'Cases',
    page: () => import('./pages/cases/list/CasesPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/cases/bin',
    title: 'Bin',
    page: () => import('./pages/cases/bin/BinPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/cases/:number/:tab?/:taskId?',
    title: 'Case',
    page: () => import('./pages/cases/case/CasePage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/tasks',
    title: 'Tasks',
    page: () => import('./pages/tasks/TasksPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/tasks/:taskId',
    title: 'Task',
    page: () => import('./pages/tasks/TaskRedirect.svelte'),
    where: 'ordinary',
  },
];

/** Whether the UI has a page for this address. */
export function exists(href: string): boolean {
  return match(href.split(/[?#]/)[0] ?? href, routes) !== undefined;
}
