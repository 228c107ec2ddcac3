/** What the administrator of the platform sees, and the door. */
import { ADMIN, ANALYST, ORGANISATION } from '../harness/lab.js';
import { screen } from './screen.js';

const dialog = (page) => page.getByRole('dialog').last();
const heading = (name) => (page) => page.getByRole('heading', { name }).first();
const platform = (name, how) => screen(name, { as: 'platform', ...how });

async function preview(page, text) {
  const row = page.locator('tbody').getByRole('row').filter({ hasText: text }).first();
  await row.hover();
  await row.getByTestId('row-preview').click();
  await dialog(page).waitFor();
}

const user = (name, act) =>
  platform(name, {
    at: '/users',
    act: async (page) => {
      await preview(page, 'amira.haddad@example.org');
      await dialog(page).getByRole('heading', { name: 'Sessions' }).waitFor();
      await act?.(page, dialog(page));
    },
  });

export const door = [
  screen('sign-in', { as: 'nobody', at: '/', ready: 'Let me in', quiet: /status of 401/ }),
  screen('sign-in-refused', {
    as: 'nobody',
    at: '/login',
    quiet: /status of 401/,
    act: async (page) => {
      await page.getByLabel('Login').fill(ADMIN.login);
      await page.getByLabel('Password', { exact: true }).fill('not it');
      await page.getByRole('button', { name: 'Let me in' }).click();
      await page.getByRole('alert').waitFor();
    },
  }),
];

export const platformScreens = [
  platform('organisations', { at: '/organisations', ready: ORGANISATION.name }),
  platform('organisations-preview', {
    at: '/organisations',
    act: (page) => preview(page, ORGANISATION.name),
  }),
  platform('organisations-new', { at: '/organisations?drawer=new', ready: 'Tasks sharing rule' }),
  platform('organisation', {
    at: '/organisations',
    act: (page) => page.getByRole('link', { name: ORGANISATION.name }).click(),
    ready: 'amira.haddad@example.org',
  }),
  platform('users', { at: '/users', ready: 'amira.haddad@example.org' }),
  user('user'),
  user('user-password', async (_, drawer) => {
    await drawer
      .getByRole('button', { name: /password/i })
      .first()
      .click();
  }),
  user('user-delete', async (_, drawer) => {
    await drawer.getByRole('button', { name: 'Delete user' }).click();
  }),
  platform('users-new', {
    at: '/users?drawer=new',
    act: async (page) => {
      await dialog(page).getByRole('checkbox', { name: ORGANISATION.name }).click();
    },
  }),
  platform('profiles', { at: '/profiles', ready: 'Shift lead' }),
  platform('profiles-preview', { at: '/profiles', act: (page) => preview(page, 'Shift lead') }),
  platform('profiles-new', { at: '/profiles?drawer=new', ready: heading('Adding a profile') }),
  platform('platform-status', { at: '/platform', ready: 'First password' }),
  platform('organisations-filtered', {
    at: '/organisations?where=name:contains:nothing-like-this',
    ready: 'No organization matches',
  }),
  platform('users-of-one-profile', { at: `/users?where=login:contains:${ANALYST.login}`, ready: '1 of 1' }),
];
