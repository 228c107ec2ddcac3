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
    path: '/organisations/:id/:tab?',
    title: 'Organization',
    page: () => import('./pages/organisations/OrganisationPage.svelte'),
    where: 'admin',
  },
  {
    path: '/organisation/:tab?',
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
    path: '/custom-fields',
    title: 'Custom fields',
    page: () => import('./pages/custom-fields/CustomFieldsPage.svelte'),
    where: 'admin',
  },
  {
    path: '/case-statuses',
    title: 'Case statuses',
    page: () => import('./pages/case-statuses/CaseStatusesPage.svelte'),
    where: 'admin',
  },
  {
    path: '/taxonomies',
    title: 'Taxonomies',
    page: () => import('./pages/taxonomies/TaxonomiesPage.svelte'),
    where: 'admin',
  },
  {
    path: '/observable-types',
    title: 'Observable types',
    page: () => import('./pages/observable-types/ObservableTypesPage.svelte'),
    where: 'admin',
  },
  {
    path: '/platform',
    title: 'Platform status',
    page: () => import('./pages/platform/PlatformPage.svelte'),
    where: 'admin',
  },
  {
    path: '/integrations/:tab?',
    title: 'Integrations',
    page: () => import('./pages/integrations/IntegrationsPage.svelte'),
    where: 'admin',
  },
  { path: '/settings/:tab?', title: 'Settings', page: () => import('./pages/settings/SettingsPage.svelte') },
  {
    path: '/api-docs',
    title: 'API documentation',
    page: () => import('./pages/api-docs/ApiDocsPage.svelte'),
  },
  {
    path: '/alerts',
    title: 'Alerts',
    page: () => import('./pages/alerts/list/AlertsPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/alerts/triage',
    title: 'Triage',
    page: () => import('./pages/alerts/triage/TriagePage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/alerts/bin',
    title: 'Bin',
    page: () => import('./pages/alerts/bin/AlertBinPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/alerts/:id/:tab?/:observableId?',
    title: 'Alert',
    page: () => import('./pages/alerts/alert/AlertPage.svelte'),
    where: 'ordinary',
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
    path: '/techniques',
    title: 'ATT&CK matrix',
    page: () => import('./pages/cases/techniques/TechniquesPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/knowledge-base',
    title: 'Knowledge base',
    page: () => import('./pages/knowledge-base/KnowledgeBasePage.svelte'),
  },
  {
    path: '/page-templates',
    title: 'Page templates',
    page: () => import('./pages/page-templates/PageTemplatesPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/attack-patterns',
    title: 'Attack patterns',
    page: () => import('./pages/attack-patterns/AttackPatternsPage.svelte'),
    where: 'admin',
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
  {
    path: '/dashboards',
    title: 'Dashboards',
    page: () => import('./pages/dashboards/DashboardsPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/dashboards/:id',
    title: 'Dashboard',
    page: () => import('./pages/dashboards/DashboardPage.svelte'),
    where: 'ordinary',
  },
  {
    path: '/search',
    title: 'Search',
    page: () => import('./pages/search/SearchPage.svelte'),
    where: 'ordinary',
  },
];

/** Whether the UI has a page for this address. */
export function exists(href: string): boolean {
  return match(href.split(/[?#]/)[0] ?? href, routes) !== undefined;
}
