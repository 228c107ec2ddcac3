/** One's own account, what hangs in the top bar, and what is the same on every page. */
import { screen } from './screen.js';

const banner = (page) => page.getByRole('banner');
const settings = (tab, ready) => screen(`settings-${tab}`, { at: `/settings/${tab}`, ready });

export const ownScreens = [
  settings('infos'),
  settings('password'),
  settings('api-key'),
  settings('mfa'),
  screen('settings-mfa-enable', {
    at: '/settings/mfa',
    act: async (page) => {
      await page.getByRole('main').getByRole('button', { name: 'Set up' }).click();
      await page.getByRole('main').getByRole('img', { name: 'QR' }).waitFor();
    },
  }),
  settings('sessions', 'this one'),
  settings('options'),
  screen('api-docs', { at: '/api-docs', ready: '/api/v1/case' }),
  screen('menu-user', {
    at: '/cases',
    act: (page) => page.getByTestId('user-menu').click(),
    ready: 'Logout',
  }),
  screen('menu-help', {
    at: '/cases',
    act: (page) => banner(page).getByRole('button', { name: 'Help' }).click(),
    ready: 'Keyboard shortcuts',
  }),
  screen('menu-organisations', {
    as: 'platform',
    at: '/organisations',
    act: (page) => page.getByTestId('org-switch').click(),
    ready: 'analyst',
  }),
  screen('inbox', {
    at: '/cases?drawer=inbox',
    ready: (page) => page.getByRole('dialog', { name: 'Inbox' }),
  }),
  screen('live-feed', { at: '/cases?drawer=live-feed', ready: (page) => page.getByRole('dialog') }),
  screen('palette', {
    at: '/cases',
    act: async (page) => {
      await page.locator('tbody tr').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('phishing');
      await page.getByRole('option').filter({ hasText: '#' }).first().waitFor();
    },
  }),
  screen('palette-actions', {
    at: '/cases',
    act: async (page) => {
      await page.locator('tbody tr').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  }),
  screen('keys', {
    at: '/cases',
    act: async (page) => {
      await page.locator('tbody tr').first().waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  }),
];
