/** Several cases at once from the list, and the way back. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, ANALYST, createCase } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, rowOf, toast } from '../lab/places.js';

export function bulk(on) {
  /** Three cases that differ, in a list of their own, all ticked. */
  async function ticked(page, word, change = {}) {
    const { admin } = on.laidOut;
    const made = [];
    for (const [index, tags] of [['a'], ['a', 'b'], []].entries()) {
      const title = `${word} ${index + 1}`;
      made.push(await createCase(admin, { title, tags, tasks: [], ...change }));
    }
    await page.goto(`/cases?where=title:contains:${word}`);
    await page.getByText('3 of 3').waitFor();
    await page.getByRole('checkbox', { name: 'Select all rows of this page' }).check();
    await page.getByText('3 selected').waitFor();
    return { made, now: (field) => Promise.all(made.map(({ _id }) => valueOf(admin, _id, field))) };
  }
  const button = (page, name) =>
    page.getByRole('toolbar', { name: 'List actions' }).getByRole('button', { name, exact: true });
  const undo = async (page, text) => {
    await toast(page, text).waitFor();
    const said = page
      .getByRole('region', { name: 'Notifications' })
      .getByRole('status')
      .filter({ hasText: text });
    await said.getByRole('button', { name: 'Undo' }).click();
    await toast(page, text).waitFor({ state: 'detached' });
  };

  scene(on, 'assign several, and undo', { as: ANALYST }, async ({ page }) => {
    const { made, now } = await ticked(page, 'Assigned');
    await on.laidOut.admin.patch(`/api/v1/case/${made[2]._id}`, { assignee: null });
    await rowOf(page, 'Assigned 3').getByText('Unassigned').waitFor();
    await button(page, 'Assign').click();
    const assigning = drawer(page, 'Assign 3 cases');
    await assigning.getByRole('button', { name: 'Me' }).click();
    await assigning.getByRole('button', { name: 'Confirm' }).click();
    await assigning.waitFor({ state: 'detached' });
    for (const { title } of made) await rowOf(page, title).getByText(ANALYST.name, { exact: true }).waitFor();
    await become(now, 'assignee', Array(3).fill(ANALYST.login));
    await undo(page, '3 cases given to you');
    await rowOf(page, 'Assigned 1').getByText(ADMIN.name, { exact: true }).waitFor();
    await rowOf(page, 'Assigned 3').getByText('Unassigned').waitFor();
    await become(now, 'assignee', [ADMIN.login, ADMIN.login, undefined]);
  });

  scene(
    on,
    'add and remove tags of several, and each has its own again after undo',
    { as: ANALYST },
    async ({ page }) => {
      const { now } = await ticked(page, 'Tagged');
      await button(page, 'Tags').click();
      const tagging = drawer(page, 'Tags of 3 cases');
      await tagging.getByLabel('Add').fill('campaign');
      await tagging.getByLabel('Add').press('Enter');
      await tagging.getByRole('combobox', { name: 'Remove' }).click();
      const offered = await tagging.getByRole('option').allInnerTexts();
      assert.deepEqual(
        offered.map((text) => text.trim()),
        ['a', 'b'],
        'only what some of them have',
      );
      await tagging.getByRole('option', { name: 'a', exact: true }).click();
      await tagging.getByRole('button', { name: 'Confirm' }).click();
      await tagging.waitFor({ state: 'detached' });
      await rowOf(page, 'Tagged 3').getByText('campaign', { exact: true }).waitFor();
      await become(now, 'tags', [['campaign'], ['b', 'campaign'], ['campaign']]);
      await undo(page, '3 cases tagged anew');
      await rowOf(page, 'Tagged 3').getByText('campaign', { exact: true }).waitFor({ state: 'detached' });
      await become(now, 'tags', [['a'], ['a', 'b'], []]);
    },
  );

  scene(on, 'the status of several, and undo', { as: ANALYST }, async ({ page }) => {
    const { now } = await ticked(page, 'Begun');
    await button(page, 'Status').click();
    await page.getByRole('menuitem', { name: 'In progress' }).click();
    await rowOf(page, 'Begun 1').getByText('In progress').waitFor();
    await become(now, 'status', Array(3).fill('InProgress'));
    await undo(page, '3 cases set to In progress');
    await rowOf(page, 'Begun 1').getByText('New', { exact: true }).first().waitFor();
    await become(now, 'status', Array(3).fill('New'));
    await button(page, 'Flag').click();
    await undo(page, '3 cases flagged');
    await become(now, 'flag', Array(3).fill(false));
  });

  scene(on, 'close several, undo, close again and reopen', { as: ANALYST }, async ({ page }) => {
    const { now } = await ticked(page, 'Closed');
    const close = async () => {
      await button(page, 'Status').click();
      await page.getByRole('menuitem', { name: 'Close…' }).click();
      const closing = drawer(page, 'Close 3 cases');
      await closing.getByLabel('Status').selectOption({ label: 'False Positive' });
      await closing.getByRole('button', { name: 'Confirm' }).click();
      await closing.waitFor({ state: 'detached' });
      for (const title of ['Closed 1', 'Closed 3'])
        await rowOf(page, title).getByText('False Positive').waitFor();
      await become(now, 'stage', Array(3).fill('Closed'));
    };
    await close();
    await undo(page, '3 cases closed: False Positive');
    await rowOf(page, 'Closed 1').getByText('New', { exact: true }).first().waitFor();
    await become(now, 'stage', Array(3).fill('New'));
    await become(now, 'endDate', Array(3).fill(undefined));

    await close();
    const ended = await now('endDate');
    await button(page, 'Status').click();
    await page.getByRole('menuitem', { name: 'Reopen' }).click();
    await rowOf(page, 'Closed 1').getByText('In progress').waitFor();
    await become(now, 'stage', Array(3).fill('InProgress'));
    await undo(page, '3 cases reopened');
    await rowOf(page, 'Closed 1').getByText('False Positive').waitFor();
    await become(now, 'endDate', ended, 'they ended when they did');
  });
}

/** An undo is under way when its toast is gone: what it leaves is waited for. */
function become(now, field, ...wanted) {
  return eventually(async () => assert.deepEqual(await now(field), ...wanted));
}

async function valueOf(api, id, field) {
  const value = (await api.get(`/api/v1/case/${id}`))[field];
  return Array.isArray(value) ? value.toSorted() : value;
}
