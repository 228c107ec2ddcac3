/** The list of cases with all that opens over it, the bin, and the list of all tasks. */
import { NUMBERS } from '../believable/cases.js';
import { screen } from './screen.js';

const rows = (page) => page.locator('tbody').getByRole('row');
const full = (page) => rows(page).filter({ has: page.getByRole('checkbox', { name: FULL }) });
const toolbar = (page) => page.getByRole('toolbar', { name: 'List actions' });
const drawer = (page, name) => page.getByRole('dialog', { name });
const ORDER = 'sort=-number';
const FULL = `Select #${NUMBERS.full} `;

const list = (name, act, query = ORDER) =>
  screen(name, {
    at: `/cases?${query}`,
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

export const caseListScreens = [
  list('cases', undefined, 'sort=-_createdAt'),
  list('cases-focused-row', async (page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
  }),
  list('cases-filters', async (page) => {
    await toolbar(page).getByRole('button', { name: 'Filters', exact: true }).click();
    const editor = page.getByRole('form', { name: 'Filters' });
    await editor.getByLabel('Field').selectOption({ label: 'Assignee' });
    await editor.getByRole('combobox', { name: 'Value' }).click();
    await page.getByRole('option').filter({ visible: true }).first().waitFor();
  }),
  list(
    'cases-filtered',
    undefined,
    'where=severity:any:3,4;stage:any:New,InProgress|flag:yes;title:contains:phishing',
  ),
  list('cases-quick-filters', async (page) => {
    await toolbar(page).getByRole('button', { name: 'Quick filters' }).click();
    await page.getByRole('menu').waitFor();
  }),
  list('cases-sort-menu', async (page) => {
    await toolbar(page).getByRole('button', { name: 'Sort' }).click();
    await page.getByRole('menu').waitFor();
  }),
  list('cases-statistics', async (page) => {
    const button = toolbar(page).getByRole('button', { name: 'Statistics' });
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
    await page.locator('.donut').nth(1).waitFor();
  }),
  list('cases-without-statistics', async (page) => {
    const button = toolbar(page).getByRole('button', { name: 'Statistics' });
    if ((await button.getAttribute('aria-pressed')) === 'true') await button.click();
  }),
  list('cases-ticked', (page) => tick(page, 3)),
  list('cases-bulk-assign', async (page) => {
    await tick(page, 3);
    await toolbar(page).getByRole('button', { name: 'Assign', exact: true }).click();
    await drawer(page, /^Assign/).waitFor();
  }),
  list('cases-bulk-tags', async (page) => {
    await tick(page, 3);
    await toolbar(page).getByRole('button', { name: 'Tags' }).click();
    await drawer(page, /^Tags/).waitFor();
  }),
  list('cases-row-menu', async (page) => {
    const first = full(page);
    await first.hover();
    await first.getByRole('button', { name: /^Actions on case/ }).click();
    await page.getByRole('menu').waitFor();
  }),
  list('cases-preview', async (page) => {
    const first = full(page);
    await first.hover();
    await first.getByTestId('row-preview').click();
    await drawer(page, new RegExp(`^#${NUMBERS.full} - `))
      .getByText('What is known')
      .waitFor();
  }),
  list('cases-edit', async (page) => {
    const first = full(page);
    await first.hover();
    await first.getByRole('button', { name: /^Actions on case/ }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await drawer(page, /^Edit case/).waitFor();
  }),
  screen('cases-nothing-matches', { at: '/cases?where=title:contains:zzzz', ready: 'No case matches' }),
  screen('cases-new', {
    at: '/cases?drawer=new-case',
    act: async (page) => {
      await page.getByRole('button', { name: 'Empty case' }).click();
      await drawer(page, 'Create case').getByLabel('Title').waitFor();
    },
  }),
  screen('cases-new-from-template', {
    at: '/cases?drawer=new-case',
    act: (page) => page.getByRole('button', { name: /^Phishing/ }).click(),
    ready: 'From the template',
  }),
  screen('cases-new-from-misp', {
    at: '/cases?drawer=new-case:misp',
    ready: 'Choose the file of an event',
  }),
  screen('cases-new-first-step', { at: '/cases?drawer=new-case', ready: 'Empty case' }),
  screen('bin', { at: '/cases/bin', ready: `#${NUMBERS.deleted}` }),
];

export const taskListScreens = [
  screen('tasks', { at: '/tasks', ready: (page) => rows(page).nth(3) }),
  screen('tasks-drawer', {
    at: '/tasks',
    act: async (page) => {
      const first = rows(page).nth(1);
      await first.hover();
      await first.getByTestId('row-preview').click();
      await page.getByRole('dialog').getByLabel('Status').waitFor();
    },
  }),
];
