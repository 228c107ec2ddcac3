/** The page of a case: its tabs, its panes, what opens over them. */
import { NUMBERS } from '../believable/cases.js';
import { TASKS } from '../believable/incidents.js';
import { RESPONDER } from '../harness/cortex.js';
import { screen } from './screen.js';

const FULL = `/cases/${NUMBERS.full}`;
const main = (page) => page.getByRole('main');
const tasks = (name, act) =>
  screen(name, {
    at: `${FULL}/tasks`,
    act: async (page) => {
      await main(page).getByText(TASKS[0][1]).first().waitFor();
      await act?.(page);
    },
  });

async function openTask(page) {
  const row = page.locator('tbody').getByRole('row').filter({ hasText: TASKS[0][1] }).first();
  await row.hover();
  await row.getByTestId('row-preview').click();
  await page
    .getByRole('dialog')
    .getByRole('heading', { name: /^Activity/ })
    .waitFor();
}

export const caseScreens = [
  screen('case', { at: FULL, ready: 'What is known' }),
  screen('case-long-title', { at: `/cases/${NUMBERS.longTitle}`, ready: 'Reported through the portal' }),
  screen('case-rtl', { at: `/cases/${NUMBERS.rightToLeft}`, ready: 'Reported through the portal' }),
  screen('case-critical', { at: `/cases/${NUMBERS.critical}`, ready: 'Reported through the portal' }),
  screen('case-access', { at: `/cases/${NUMBERS.critical}?drawer=access`, ready: 'Always among them' }),
  screen('case-sharing', { at: `${FULL}?drawer=sharing`, ready: 'all, those to come too' }),
  screen('case-export', { at: `${FULL}?drawer=export`, ready: 'All of the case that you see' }),
  screen('case-import', { at: '/cases?drawer=import', ready: 'Choose an archive' }),
  screen('case-link', { at: `${FULL}?drawer=link`, ready: 'In use:' }),
  screen('case-merge', {
    at: `${FULL}?drawer=merge`,
    act: (page) =>
      page
        .getByRole('dialog')
        .getByRole('button', { name: /^Severity/ })
        .first()
        .click(),
    ready: 'The merged case',
  }),
  screen('case-merged', { at: `/cases/${NUMBERS.merged}`, ready: 'Take apart' }),
  screen('case-edit-description', {
    at: FULL,
    act: async (page) => {
      await main(page).getByText('What is known').waitFor();
      await main(page)
        .getByRole('button', { name: /^Edit description/i })
        .click();
    },
  }),
  screen('case-custom-field', {
    at: FULL,
    act: async (page) => {
      await main(page)
        .getByRole('button', { name: /^Edit Business unit/ })
        .click();
      await main(page).getByRole('combobox', { name: 'Business unit' }).first().waitFor();
    },
  }),
  screen('case-edit-assignee', {
    at: FULL,
    act: async (page) => {
      await main(page)
        .getByRole('button', { name: /^Edit Assignee/ })
        .click();
      await main(page).getByRole('combobox', { name: 'Assignee' }).press('ArrowDown');
      await page.getByRole('option').first().waitFor();
    },
  }),
  screen('case-edit-severity', {
    at: FULL,
    act: (page) => main(page).getByText('SEVERITY:HIGH').click(),
    ready: 'Critical',
  }),
  tasks('case-tasks'),
  tasks('case-tasks-ticked', async (page) => {
    for (const index of [0, 1]) await page.locator('tbody').getByRole('checkbox').nth(index).check();
  }),
  tasks('case-tasks-add', async (page) => {
    await main(page)
      .getByRole('button', { name: /^Add task/ })
      .first()
      .click();
    await page.getByRole('dialog', { name: 'Adding a task' }).waitFor();
  }),
  tasks('case-task-drawer', openTask),
  tasks('case-task-drawer-log', async (page) => {
    await openTask(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Add log' }).click();
  }),
  tasks('case-task-log-responders', async (page) => {
    await openTask(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Actions on this log' }).first().click();
    await page.getByRole('menuitem', { name: 'Responders' }).click();
    await page
      .getByRole('dialog', { name: /^Responders: log/ })
      .getByText(RESPONDER.name)
      .waitFor();
  }),
  tasks('case-task-page', async (page) => {
    await page.getByRole('link', { name: TASKS[0][1] }).click();
    await page.getByRole('heading', { name: 'Task details' }).waitFor();
  }),
  screen('case-similar-cases', {
    at: `/cases/${NUMBERS.longTitle}/similar-cases`,
    ready: (page) => main(page).getByRole('button', { name: /^Merge with #/ }),
  }),
  screen('case-similar-alerts', {
    at: `/cases/${NUMBERS.longTitle}/similar-alerts`,
    ready: (page) => main(page).getByRole('button', { name: /into this case$/ }),
  }),
  screen('case-similar-none', { at: `${FULL}/similar-cases`, ready: 'No similar case' }),
  screen('case-tabs-more', {
    at: FULL,
    act: async (page) => {
      // Wide enough, all tabs are in the line.
      const more = main(page).getByRole('button', { name: 'More', exact: true });
      await main(page).getByRole('link', { name: 'General' }).waitFor();
      if (await more.isVisible()) await more.click();
    },
  }),
  screen('case-observable-seen', {
    at: `/cases/${NUMBERS.longTitle}/observables`,
    act: (page) =>
      main(page)
        .getByRole('button', { name: /^invoice-portal/ })
        .first()
        .click(),
    ready: (page) => page.getByRole('dialog').getByText(/^Seen elsewhere: /),
  }),
  screen('case-history', { at: `${FULL}/history`, ready: (page) => main(page).locator('time').nth(3) }),
  screen('case-comment-typed', {
    at: FULL,
    act: async (page) => {
      const field = page.getByRole('region', { name: 'Comments' }).getByRole('textbox');
      await field.fill('Thanks, @am');
      await page.getByRole('option').first().waitFor();
    },
  }),
  screen('case-close', {
    at: FULL,
    act: async (page) => {
      await page.getByRole('button', { name: 'Close case', exact: true }).click();
      await page.getByRole('dialog', { name: 'Close case' }).waitFor();
    },
  }),
  screen('case-closed', { at: `/cases/${NUMBERS.closed}`, ready: 'Reopen' }),
  screen('case-deleted', { at: `/cases/${NUMBERS.deleted}`, ready: 'was deleted', quiet: /status of 404/ }),
  screen('case-missing', { at: '/cases/4711', ready: 'There is no case', quiet: /status of 404/ }),
];
