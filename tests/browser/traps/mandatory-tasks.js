/** Trap 6: a mandatory task keeps its case open, and wants a note before it is completed. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ANALYST, createCase, tasksOf } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, field, rowOf, toast } from '../lab/places.js';

const MANDATORY = 'Inform the data protection officer';
const OPTIONAL = 'Ask the sender';

export function mandatoryTasks(on) {
  const made = (title) =>
    createCase(on.laidOut.analyst, {
      title,
      tasks: [{ title: MANDATORY, mandatory: true }, { title: OPTIONAL }],
    });

  scene(on, '6 a mandatory task is named and keeps the case open', { as: ANALYST }, async ({ page }) => {
    const { number } = await made('Not to be closed yet');
    await page.goto(`/cases/${number}`);
    await page.getByRole('button', { name: 'Close case', exact: true }).click();
    const closing = drawer(page, 'Close case');
    await closing.getByLabel('Status').selectOption({ label: 'True Positive' });
    await closing.getByText(`while a mandatory task is not completed: ${MANDATORY}`).waitFor();
    assert.ok(await closing.getByRole('button', { name: 'Close tasks and case' }).isDisabled());
    // It is a way to the task, too.
    await closing.getByRole('link', { name: MANDATORY }).click();
    await page.getByRole('heading', { name: 'Task details' }).waitFor();

    // The server says the same to those who do not ask first.
    const refused = await on.laidOut.analyst.request('PATCH', `/api/v1/case/${number}`, {
      status: 'TruePositive',
    });
    assert.equal(refused.status, 400);
    assert.match((await refused.json()).message, new RegExp(MANDATORY));
    const { stage } = await on.laidOut.analyst.get(`/api/v1/case/${number}`);
    assert.equal(stage, 'New');
  });

  scene(
    on,
    '6 a mandatory task is completed with a note only, and then the case closes',
    { as: ANALYST },
    async ({ page, watch }) => {
      const { number } = await made('To be closed in order');
      const [task] = await tasksOf(on.laidOut.analyst, number);
      watch.expect(/status of 400/);
      await page.goto(`/cases/${number}/tasks?drawer=task:${task._id}`);
      const doing = drawer(page, MANDATORY);
      await doing.getByLabel('Status').selectOption({ label: 'Completed' });
      await doing.getByRole('button', { name: 'Confirm' }).click();
      await doing.getByText(`The mandatory task ${MANDATORY} needs a log`).waitFor();
      const [before] = await tasksOf(on.laidOut.analyst, number);
      assert.equal(before.status, 'Waiting');

      await doing.getByRole('button', { name: 'Add log' }).click();
      await field(doing, 'Log').fill('Told on the phone.');
      await field(doing, 'Log').press('Control+Enter');
      await doing.getByRole('heading', { name: 'Activity (1)' }).waitFor();
      await doing.getByLabel('Status').selectOption({ label: 'Completed' });
      await doing.getByRole('button', { name: 'Confirm' }).click();
      await eventually(async () => {
        const [after] = await tasksOf(on.laidOut.analyst, number);
        assert.equal(after.status, 'Completed');
      });
      await doing.getByRole('button', { name: 'Close' }).first().click();
      await doing.waitFor({ state: 'detached' });

      await page.getByRole('button', { name: 'Close case', exact: true }).click();
      const closing = drawer(page, 'Close case');
      await closing.getByLabel('Status').selectOption({ label: 'True Positive' });
      await closing.getByText(/Will be canceled, for good/).waitFor();
      await closing.getByText(OPTIONAL).waitFor();
      await closing.getByRole('button', { name: 'Close tasks and case' }).click();
      await toast(page, /closed: True Positive/).waitFor();
      const statuses = (await tasksOf(on.laidOut.analyst, number)).map(({ status }) => status);
      assert.deepEqual(statuses, ['Completed', 'Cancel']);
    },
  );

  scene(
    on,
    '6 several cases at once: none closes, and the task is named',
    { as: ANALYST },
    async ({ page }) => {
      const held = await made('Held back by its task');
      const free = await createCase(on.laidOut.analyst, { title: 'Held back by the other', tasks: [] });
      await page.goto('/cases?where=title:contains:Held back');
      for (const { title } of [held, free]) await rowOf(page, title).getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Status', exact: true }).last().click();
      await page.getByRole('menuitem', { name: 'Close…' }).click();
      const closing = drawer(page, 'Close 2 cases');
      await closing.getByLabel('Status').selectOption({ label: 'Other' });
      await closing.getByText(`while a mandatory task is not completed: ${MANDATORY}`).waitFor();
      assert.ok(await closing.getByRole('button', { name: 'Close tasks and cases' }).isDisabled());
    },
  );
}
