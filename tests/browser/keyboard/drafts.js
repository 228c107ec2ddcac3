/** Esc closes a form and keeps what was typed; Cancel gives it up. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, ANALYST, createCase, tasksOf } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, field } from '../lab/places.js';

export function drafts(on) {
  scene(
    on,
    'Esc keeps what was typed in the forms of cases, Cancel does not',
    { as: ANALYST },
    async ({ page }) => {
      const { _id, number } = await createCase(on.laidOut.admin, { title: 'Typed about', tasks: [] });
      await keptByEscape(page, [
        ['/cases?drawer=new-case:empty', 'Create case', 'Title'],
        ['/cases?drawer=new-case:empty&drawer=plan-task', 'Adding a task', 'Title'],
        [`/cases?drawer=edit:${_id}`, `Edit case #${number}`, 'Description'],
        [`/cases/${number}?drawer=close`, 'Close case', 'Summary'],
        [`/cases/${number}/tasks?drawer=add-task`, 'Adding a task', 'Title'],
      ]);
    },
  );

  scene(
    on,
    'Esc keeps what was typed in the forms of the administrator, Cancel does not',
    { as: ADMIN },
    async ({ page }) => {
      await keptByEscape(page, [
        ['/organisations?drawer=new', 'Adding an organization', 'Description'],
        ['/users?drawer=new', 'Adding a user', 'Name'],
        ['/profiles?drawer=new', 'Adding a profile', 'Name'],
      ]);
    },
  );

  scene(
    on,
    'a note that was not sent is there again, after Esc and after a reload',
    { as: ANALYST },
    async ({ page }) => {
      const { number } = await createCase(on.laidOut.admin, { title: 'Noted about' });
      const [task] = await tasksOf(on.laidOut.admin, number);
      await page.goto(`/cases/${number}/tasks?drawer=task:${task._id}`);
      const doing = drawer(page, task.title);
      await doing.getByRole('button', { name: 'Add log' }).click();
      await page.keyboard.type('Half a thought');
      await page.keyboard.press('Escape');
      await field(doing, 'Log').waitFor({ state: 'detached' });
      assert.ok(await doing.isVisible(), 'the first Esc leaves the editor, not the drawer');
      await doing.getByRole('button', { name: 'Add log' }).press('Enter');
      assert.equal(await field(doing, 'Log').inputValue(), 'Half a thought');
      await page.reload();
      assert.equal(await field(doing, 'Log').inputValue(), 'Half a thought');
      await doing.getByRole('button', { name: 'Cancel' }).click();
      await page.reload();
      await doing.getByRole('button', { name: 'Add log' }).waitFor();
      assert.equal(await field(doing, 'Log').count(), 0);
    },
  );
}

async function keptByEscape(page, forms) {
  for (const [path, title, label] of forms) {
    await page.goto(path);
    const form = drawer(page, title);
    const box = field(form, label);
    await box.fill('Half a thought');
    await box.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.goto(path);
    await eventually(async () =>
      assert.equal(await box.inputValue(), 'Half a thought', `${title}, ${label}`),
    );
    await form.getByRole('button', { name: 'Cancel' }).click();
    await form.waitFor({ state: 'detached' });
    await page.goto(path);
    assert.notEqual(await box.inputValue(), 'Half a thought', `${title}: Cancel gives it up`);
  }
}
