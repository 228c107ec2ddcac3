/** Into the bin, out of it again, and what others see of it. */
import assert from 'node:assert/strict';
import { ADMIN, ANALYST, CASE, COMMENT, createCase, ORGANISATION, tasksOf, TASKS } from '../harness/lab.js';
import { meeting, scene } from '../harness/scene.js';
import { rowOf, tab, toast } from '../lab/places.js';

export function bin(on) {
  const undo = (page) =>
    page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Undo' });

  meeting(
    on,
    'a deleted case is gone for all, is told to who looks at it, and comes back whole',
    [{ as: ANALYST }, { as: ADMIN, in: ORGANISATION.name }],
    async ({ page: mine }, { page: theirs, watch }) => {
      const { admin } = on.laidOut;
      const { number, title } = await createCase(admin, { title: 'Deleted by mistake' });
      await admin.post(`/api/v1/case/${number}/comment`, { message: COMMENT });
      await mine.goto(`/cases/${number}`);
      await theirs.goto(`/cases/${number}`);
      await theirs.getByText(COMMENT).waitFor();
      // The open page asks for what is no longer there.
      watch.expect(/status of 404/);
      await mine.getByRole('button', { name: 'Delete', exact: true }).click();
      await toast(mine, `Case #${number} is in the bin for 30 days`).waitFor();
      await mine.waitForURL('**/cases');
      await theirs.getByText(`was deleted by ${ANALYST.name}`).waitFor();
      assert.equal(await rowOf(mine, title).count(), 0);

      await mine.getByRole('button', { name: 'More' }).click();
      await mine.getByRole('menuitem', { name: 'Bin' }).click();
      const row = rowOf(mine, title);
      await row.getByText(ANALYST.name, { exact: true }).waitFor();
      await row.getByRole('button', { name: `Restore case #${number}` }).click();
      await toast(mine, `Case #${number} is back in the list`).waitFor();
      await row.waitFor({ state: 'detached' });

      await theirs.goto(`/cases/${number}/tasks`);
      await theirs.getByRole('heading', { name: `#${number} ${title}` }).waitFor();
      for (const task of TASKS) await rowOf(theirs, task).waitFor();
      await theirs.getByText(COMMENT).waitFor();
      await tab(theirs, 'General').click();
      await theirs.getByText(CASE.description).waitFor();
    },
  );

  scene(
    on,
    'several are deleted after a question, and undo brings them back',
    { as: ANALYST },
    async ({ page }) => {
      const { admin } = on.laidOut;
      for (const title of ['Thrown away 1', 'Thrown away 2']) await createCase(admin, { title, tasks: [] });
      await page.goto('/cases?where=title:contains:Thrown away');
      for (const title of ['Thrown away 1', 'Thrown away 2'])
        await rowOf(page, title).getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Delete 2 cases' }).click();
      const question = page.getByRole('alertdialog');
      await question.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('2 of 2').waitFor();
      await page.getByRole('button', { name: 'Delete 2 cases' }).click();
      await question.getByRole('button', { name: 'Delete' }).click();
      await toast(page, '2 cases are in the bin for 30 days').waitFor();
      await page.getByText('0 of 0').waitFor();
      await undo(page).click();
      await page.getByText('2 of 2').waitFor();
      await rowOf(page, 'Thrown away 2').waitFor();
    },
  );

  scene(
    on,
    'the page of a case that was restored by undo is there again',
    { as: ANALYST },
    async ({ page }) => {
      const { number, title } = await createCase(on.laidOut.admin, { title: 'Gone for a moment' });
      await page.goto(`/cases/${number}`);
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await undo(page).click();
      await page.getByRole('heading', { name: `#${number} ${title}` }).waitFor();
      assert.equal((await tasksOf(on.laidOut.admin, number)).length, TASKS.length);
    },
  );
}
