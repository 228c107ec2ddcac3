/** Dashboards, the search over everything, and what a list offers beside its rows. */
import { screen } from './screen.js';

const drawer = (page, name) => page.getByRole('dialog', { name });
const rows = (page) => page.locator('tbody').getByRole('row');
const widgets = (page) => page.locator('[data-widget]');

/** Every widget has its figures, or says that there are none. */
async function counted(page) {
  await widgets(page).first().waitFor();
  await page.waitForFunction(() => !document.body.textContent.includes('Counting…'));
}

async function open(page, title, edit = false) {
  await page.goto('/dashboards');
  await page.getByRole('link', { name: title }).click();
  await counted(page);
  if (edit) await page.getByRole('button', { name: 'Edit' }).click();
}

const dashboard = (name, act) =>
  screen(name, {
    act: async (page) => {
      await open(page, 'Cases statistics');
      await page.getByRole('combobox', { name: 'Period' }).selectOption('all');
      await counted(page);
      await act?.(page);
    },
  });

const editor = (name, act) =>
  screen(name, {
    act: async (page) => {
      await open(page, 'Cases statistics', true);
      await act?.(page);
    },
  });

const menu = async (page, name) => {
  await page.getByRole('toolbar', { name: 'List actions' }).getByRole('button', { name }).click();
  await page.getByRole('menu').waitFor();
};

const list = (name, act) =>
  screen(name, {
    at: '/cases',
    act: async (page) => {
      await rows(page).nth(1).waitFor();
      await act(page);
    },
  });

export const reportingScreens = [
  screen('dashboards', { at: '/dashboards', ready: 'TTPs statistics' }),
  screen('dashboards-new', { at: '/dashboards?drawer=new', ready: 'Who sees it' }),
  dashboard('dashboard'),
  dashboard('dashboard-figures', async (page) => {
    await page.getByText('Figures').first().click();
    await page.getByRole('group', { name: /^Figures of/ }).waitFor();
  }),
  editor('dashboard-editing'),
  editor('dashboard-widget', async (page) => {
    await page.getByRole('button', { name: 'Configure Status', exact: true }).click();
    await drawer(page, /^Configuring/).waitFor();
  }),
  screen('search', { at: '/search', ready: /is searched/ }),
  screen('search-found', {
    at: '/search?q=mail',
    ready: (page) => page.getByRole('heading', { name: /^Cases/ }),
  }),
  screen('search-one-kind', {
    at: '/search?q=mail&kind=Observable',
    ready: (page) => page.getByRole('button', { name: 'All kinds' }),
  }),
  screen('search-nothing', { at: '/search?q=zzzzzz', ready: 'Nothing found' }),
  list('cases-columns', (page) => menu(page, 'Columns')),
  list('cases-views', (page) => menu(page, 'Default')),
  list('cases-export', async (page) => {
    await page.getByRole('button', { name: 'Export the list' }).click();
    await drawer(page, /^Exporting/)
      .getByText('Created at')
      .waitFor();
  }),
];
