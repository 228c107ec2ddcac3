/** What the administrator of the platform sees, and the door. */
import { ANALYZER } from '../believable/servers.js';
import { ADMIN, ANALYST, ORGANISATION } from '../harness/lab.js';
import { zip } from '../harness/zip.js';
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
  platform('organisation-links', {
    at: '/organisations',
    act: async (page) => {
      await page.getByRole('link', { name: ORGANISATION.name }).click();
      await page.getByRole('link', { name: /^Linked organizations/ }).click();
    },
    ready: 'Link with another organization',
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
  platform('custom-fields', { at: '/custom-fields', ready: 'Business unit' }),
  platform('custom-fields-new', { at: '/custom-fields?drawer=new', ready: heading('Adding a custom field') }),
  platform('custom-fields-edit', { at: '/custom-fields', act: (page) => preview(page, 'Business unit') }),
  platform('case-statuses', { at: '/case-statuses', ready: 'Waiting For Customer' }),
  platform('case-statuses-new', { at: '/case-statuses?drawer=new', ready: heading('Adding a case status') }),
  platform('case-statuses-edit', {
    at: '/case-statuses',
    act: (page) => preview(page, 'Waiting For Customer'),
  }),
  platform('taxonomies', { at: '/taxonomies', ready: 'CERT-XLM' }),
  platform('taxonomies-preview', {
    at: '/taxonomies?where=namespace:contains:tlp',
    act: (page) => preview(page, 'tlp'),
    ready: 'tlp:red',
  }),
  platform('taxonomies-new', { at: '/taxonomies?drawer=new', ready: 'Choose a file or an archive' }),
  platform('integrations', { at: '/integrations', ready: 'Key refused' }),
  platform('integrations-new', { at: '/integrations?drawer=new', ready: heading('Who may use it') }),
  platform('integrations-edit', {
    at: '/integrations',
    act: async (page) => {
      await page.getByRole('button', { name: 'Analysis', exact: true }).click();
      await dialog(page).getByRole('button', { name: 'Test the connection' }).click();
      await dialog(page).getByText('Cortex 3.1.8-1').waitFor();
    },
  }),
  platform('integrations-remove', {
    at: '/integrations',
    act: (page) => page.getByRole('button', { name: 'Remove Analysis', exact: true }).click(),
    ready: 'Jobs that it is still working on will fail',
  }),
  platform('integrations-misp', { at: '/integrations/misp', ready: 'proxy.example.org' }),
  platform('integrations-misp-new', {
    at: '/integrations/misp?drawer=new',
    ready: heading('Events become alerts'),
  }),
  platform('integrations-misp-edit', {
    at: '/integrations/misp',
    act: async (page) => {
      await page.getByRole('button', { name: 'CIRCL', exact: true }).click();
      await dialog(page).getByText('Connection', { exact: true }).click();
      const clear = dialog(page).getByLabel('Use no proxy of its own any more');
      await clear.check();
      await clear.scrollIntoViewIfNeeded();
    },
  }),
  platform('analyzer-templates', { at: '/integrations/analyzer-templates', ready: ANALYZER }),
  platform('analyzer-templates-empty', {
    at: '/integrations/analyzer-templates?where=analyzerId:contains:nothing-like-this',
    ready: 'No analyzer template matches',
  }),
  platform('analyzer-templates-edit', {
    at: '/integrations/analyzer-templates',
    act: (page) => page.getByRole('button', { name: ANALYZER, exact: true }).click(),
    ready: 'nothing of it is run',
  }),
  platform('analyzer-templates-new', {
    at: '/integrations/analyzer-templates?drawer=new',
    ready: 'Its name in Cortex',
  }),
  platform('analyzer-templates-import', {
    at: '/integrations/analyzer-templates?drawer=import',
    act: async (page) => {
      const archive = zip({ 'Good_1_0/long.html': '<p>good</p>', 'Odd_1_0/long.html': 'no\0text' });
      const chosen = { name: 'templates.zip', mimeType: 'application/zip', buffer: archive };
      await dialog(page).locator('input[type=file]').setInputFiles(chosen);
      await dialog(page).getByRole('button', { name: 'Import' }).click();
    },
    ready: 'These could not be read',
  }),
  platform('platform-status', { at: '/platform', ready: 'First password' }),
  platform('organisations-filtered', {
    at: '/organisations?where=name:contains:nothing-like-this',
    ready: 'No organization matches',
  }),
  platform('users-of-one-profile', { at: `/users?where=login:contains:${ANALYST.login}`, ready: '1 of 1' }),
];
