/** The list of alerts with all that opens over it, triage, the page of an alert, and the alerts of a case. */
import { screen } from './screen.js';

const rows = (page) => page.locator('tbody').getByRole('row');
const toolbar = (page) => page.getByRole('toolbar', { name: 'List actions' });
const drawer = (page, name) => page.getByRole('dialog', { name });

const list = (name, act, query = 'sort=-_createdAt') =>
  screen(name, {
    at: `/alerts?${query}`,
    act: async (page) => {
      await rows(page).nth(1).waitFor();
      await act?.(page);
    },
  });

async function tick(page, count) {
  for (let index = 0; index < count; index += 1) {
    await rows(page).nth(index).getByRole('checkbox').check();
  }
}

/** Opens the first alert's page, and there a tab. */
const alert = (name, tab, ready) =>
  screen(name, {
    at: '/alerts?sort=-_createdAt',
    act: async (page) => {
      await rows(page).first().getByRole('link').first().click();
      await page.getByRole('navigation', { name: 'Alert', exact: true }).waitFor();
      if (tab) await page.getByRole('link', { name: new RegExp(`^${tab}( |\u00a0|$)`) }).click();
    },
    ready,
  });

export const alertScreens = [
  list('alerts'),
  list('alerts-filtered', undefined, 'where=severity:any:3,4;stage:any:New,InProgress'),
  list('alerts-statistics', async (page) => {
    const button = toolbar(page).getByRole('button', { name: 'Statistics' });
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
    await page.locator('.donut').nth(1).waitFor();
  }),
  list('alerts-ticked', (page) => tick(page, 3)),
  list('alerts-preview', async (page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('Space');
    await page.getByRole('dialog').getByText('Description').waitFor();
  }),
  list('alerts-merge', async (page) => {
    await tick(page, 2);
    await toolbar(page).getByRole('button', { name: 'Merge' }).click();
    await drawer(page, /^Merge/).waitFor();
  }),
  list('alerts-promote', async (page) => {
    await tick(page, 2);
    await toolbar(page).getByRole('button', { name: 'Make one case' }).click();
    await drawer(page, /^Make a case/)
      .getByText('come along')
      .waitFor();
  }),
  list('alerts-create-seen', async (page) => {
    await page.keyboard.press('n');
    const form = drawer(page, 'Create alert');
    await form.getByLabel('Title').fill('A mail that asks for a payment');
    await form
      .getByLabel('Text to look through')
      .fill('hxxps://pay[.]example[.]net/now, 203.0.113.9, b(at)example.net');
    await form.getByRole('button', { name: 'Find and add' }).click();
    await form.getByText('203[.]0[.]113[.]9').waitFor();
    await form.getByText('Choose files').scrollIntoViewIfNeeded();
  }),
  list('alerts-create', async (page) => {
    await page.keyboard.press('n');
    await drawer(page, 'Create alert').waitFor();
  }),
  screen('triage', {
    at: '/alerts/triage',
    ready: (page) => page.getByText(/^All like this/),
  }),
  alert('alert', undefined, (page) => page.getByText('The same account was on a list')),
  alert('alert-observables', 'Observables', (page) => page.getByText('invoice-portal').first()),
  screen('alert-observables-add', {
    at: '/alerts?sort=-_createdAt',
    act: async (page) => {
      await rows(page).first().getByRole('link').first().click();
      await page.getByRole('link', { name: /^Observables/ }).click();
      await page.getByTestId('list-add').click();
      await drawer(page, 'Adding observables').waitFor();
    },
  }),
  alert('alert-ttps', 'TTPs', (page) => page.getByText('T1566.001').first()),
  alert('alert-attachments', 'Attachments', (page) => page.getByText('screenshot.txt')),
  screen('alert-promote', {
    at: '/alerts?sort=-_createdAt',
    act: async (page) => {
      await rows(page).first().getByRole('link').first().click();
      await page.getByRole('button', { name: 'Make a case' }).click();
      await drawer(page, /^Make a case/).waitFor();
    },
    ready: 'come along',
  }),
  screen('triage-observables', {
    at: '/alerts/triage?tab=observables',
    ready: (page) => page.getByText('invoice-portal').first(),
  }),
  alert('alert-similar-cases', 'Similar cases', (page) => rows(page).getByText('2 IOCs')),
  alert('alert-similar-alerts', 'Similar alerts', (page) => rows(page).getByText('2 IOCs')),
  screen('alert-similar-common', {
    at: '/alerts?sort=-_createdAt',
    act: async (page) => {
      await rows(page).first().getByRole('link').first().click();
      await page.getByRole('link', { name: /^Similar alerts/ }).click();
      await page
        .getByRole('button', { name: /^See all/ })
        .first()
        .click();
    },
    ready: (page) => page.getByRole('table', { name: 'Observables in common' }),
  }),
  screen('triage-merge', {
    at: '/alerts/triage?drawer=merge',
    ready: (page) => drawer(page, /^Merge/).getByLabel('Case'),
  }),
  screen('triage-similar', {
    at: '/alerts/triage',
    ready: (page) => page.getByRole('button', { name: /^Merge into #/ }),
  }),
  alert('alert-history', 'History', (page) => page.getByRole('table', { name: 'History' })),
  alert('alert-payload', 'As it was sent', (page) => page.locator('pre').first()),
  screen('alert-missing', { at: '/alerts/~1', ready: 'There is no such alert here' }),
  screen('alerts-bin', { at: '/alerts/bin', ready: 'The bin is empty' }),
  screen('case-alerts', {
    at: '/cases/59/alerts',
    ready: (page) => page.getByRole('table', { name: 'Alerts of the case' }),
  }),
];
