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
];

/** Whether the UI has a page for this address. */
export function exists(href: string): boolean {
  return match(href.split(/[?#]/)[0] ?? href, routes) !== undefined;
}
