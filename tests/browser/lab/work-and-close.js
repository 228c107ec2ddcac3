/** Part D: the analyst signs in, works through the tasks and closes the case. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ANALYST, CASE, LOGS, SUMMARY, TASKS } from '../harness/lab.js';
import { photograph } from '../harness/pictures.js';
import { drawer, field, rail, rowOf, tab, toast } from './places.js';

export function partD(step) {
  step('D1 the letter at the top right: Logout, and Back shows nothing', async (visit) => {
    const { page, hand } = visit;
    await hand.click(page.getByTestId('user-menu'));
    const menu = page.getByRole('menu', { name: 'User menu' });
    await menu.getByText('Themes').waitFor();
    await menu.getByRole('menuitem', { name: 'Settings' }).waitFor();
    await photograph(page, 'D1-user-menu');
    await hand.click(menu.getByRole('menuitem', { name: 'Logout' }));
    await page.getByRole('button', { name: 'Let me in' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Let me in' }).waitFor();
    assert.equal(await page.getByText(CASE.title).count(), 0, 'Back shows no data');
    await page.goForward();
  });

  step('D2 sign in as the analyst: the case, and what concerns him', async ({ page, hand }) => {
    await hand.type(page.getByLabel('Login'), ANALYST.login);
    await hand.type(page.getByLabel('Password', { exact: true }), ANALYST.password);
    await hand.click(page.getByRole('button', { name: 'Let me in' }));
    await page.getByRole('heading', { name: 'Cases', exact: true }).waitFor();
    await rowOf(page, CASE.title).waitFor();
    assert.equal((await page.getByTestId('user-menu').innerText()).trim(), 'A');
    assert.equal(await page.getByRole('button', { name: /Switch organization/ }).count(), 0, 'one only');
    // The case that was given, as C7 has it, and the comment that came after.
    await page.getByRole('button', { name: 'Inbox, 2 unread' }).waitFor();
    await photograph(page, 'D2-cases-of-the-analyst');
  });

  step('D3 the title leads to the case, in a tab of its own with Ctrl', async ({ page, hand }) => {
    const title = rowOf(page, CASE.title).getByRole('link', { name: CASE.title });
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      title.click({ modifiers: ['Control'] }),
    ]);
    await other.getByRole('heading', { name: `#1 ${CASE.title}` }).waitFor();
    await other.close();
    await hand.click(title);
    await page.getByRole('heading', { name: `#1 ${CASE.title}` }).waitFor();
    assert.equal(await tab(page, 'General').getAttribute('aria-current'), 'page');
  });

  step('D4 the tasks: three, all waiting', async ({ page, hand }) => {
    await hand.click(tab(page, 'Tasks (3)'));
    for (const title of TASKS) {
      await rowOf(page, title).getByText('Waiting').waitFor();
      await rowOf(page, title).getByText('default', { exact: true }).waitFor();
      await rowOf(page, title).getByText(ANALYST.name).first().waitFor();
    }
    await photograph(page, 'D4-tasks');
  });

  step('D5 the title opens the page of a task, the eye its drawer', async ({ page, hand }) => {
    const row = rowOf(page, TASKS[0]);
    await row.getByRole('link', { name: TASKS[0] }).click();
    await page.getByRole('heading', { name: 'Task details' }).waitFor();
    await photograph(page, 'D5-task-page');
    await page.getByRole('link', { name: 'Back to list' }).click();
    await row.hover();
    await hand.click(row.getByTestId('row-preview'));
    const task = drawer(page, TASKS[0]);
    await task.getByLabel('Status').waitFor();
    await task.getByRole('heading', { name: 'Activity (0)' }).waitFor();
    await photograph(page, 'D5-task');
  });

  for (const [index, title] of TASKS.entries()) {
    const first = index === 0;

    step(`D${first ? 6 : 8} plus, write the note of task ${index + 1}`, async ({ page, hand }) => {
      const task = drawer(page, title);
      await hand.click(task.getByRole('button', { name: 'Add log' }));
      await hand.type(field(task, 'Log'), LOGS[index]);
      if (first) await photograph(page, 'D6-writing-a-note');
      await hand.click(task.getByRole('button', { name: 'Confirm' }));
      const bubble = task.getByRole('article', { name: `log by ${ANALYST.name}` });
      await bubble.getByText(LOGS[index]).waitFor();
      await bubble.locator('time').waitFor();
      await task.getByRole('heading', { name: 'Activity (1)' }).waitFor();
    });

    step(`D${first ? 7 : 8} complete task ${index + 1}`, async ({ page, hand }) => {
      const task = drawer(page, title);
      await hand.choose(task.getByLabel('Status'), 'Completed');
      await hand.click(task.getByRole('button', { name: 'Confirm' }));
      const end = task.getByRole('button', { name: /^Edit End date/ });
      await eventually(async () => assert.doesNotMatch(await end.innerText(), /none/));
      // Behind the drawer all is inert, and so without a role.
      await page.locator('tbody tr').filter({ hasText: title }).getByText('Completed').waitFor();
      if (first) await photograph(page, 'D7-completed');
      if (index < TASKS.length - 1) await hand.click(task.getByRole('button', { name: 'Next task' }));
      else await hand.click(task.getByRole('button', { name: 'Close' }).first());
    });
  }

  step('D8 three of three, and the case is in progress', async ({ page }) => {
    const facts = page.getByRole('region', { name: 'Details' });
    await facts.getByText('3/3').waitFor();
    await facts.getByRole('button', { name: /^Edit Status:.*In progress/ }).waitFor();
    await photograph(page, 'D8-three-of-three');
  });

  step('D9 hit the X', async ({ page, hand }) => {
    await hand.click(page.getByRole('button', { name: 'Close case', exact: true }));
    const closing = drawer(page, 'Close case');
    await closing.getByRole('button', { name: 'Confirm' }).waitFor();
    const verdicts = await closing
      .getByRole('combobox', { name: 'Status' })
      .locator('option')
      .allInnerTexts();
    for (const verdict of ['True Positive', 'False Positive', 'Indeterminate', 'Other', 'Duplicated']) {
      assert.ok(verdicts.includes(verdict), verdict);
    }
  });

  step('D10 status and description, confirm', async ({ page, hand }) => {
    const closing = drawer(page, 'Close case');
    await hand.choose(closing.getByRole('combobox', { name: 'Status' }), 'True Positive');
    await hand.choose(closing.getByLabel('Impact'), 'No');
    await hand.type(field(closing, 'Summary'), SUMMARY);
    await photograph(page, 'D10-closing');
    await hand.click(closing.getByRole('button', { name: 'Confirm' }));
    await toast(page, /closed: True Positive/).waitFor();
    const facts = page.getByRole('region', { name: 'Details' });
    await facts.getByText('True Positive').waitFor();
    await facts.getByText('End date', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Reopen' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Close case', exact: true }).count(), 0);
    await tab(page, 'General').click();
    await page.getByRole('heading', { name: 'Summary' }).waitFor();
    await page.getByText(SUMMARY).waitFor();
    await photograph(page, 'D10-closed');
  });

  step('D11 the cases: it is there, marked as closed', async ({ page, hand }) => {
    await hand.click(rail(page, 'Cases'));
    const row = rowOf(page, CASE.title);
    await row.getByText('True Positive').waitFor();
    await row
      .getByText(/^Closed/)
      .first()
      .waitFor();
    await eventually(async () => {
      assert.equal(await rail(page, 'Cases').getByTestId('rail-badge').count(), 0, 'no longer counted');
    });
    assert.match(await row.getAttribute('class'), /dimmed/);
    await photograph(page, 'D11-closed-case');
  });
}
