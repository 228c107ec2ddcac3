/** Traps 5 and 7: somebody else, or oneself in another tab, changes the case that is being edited. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, ANALYST, createCase, ORGANISATION } from '../harness/lab.js';
import { meeting, scene } from '../harness/scene.js';
import { drawer, field, rowOf } from '../lab/places.js';

const AT_WORK = { as: ADMIN, in: ORGANISATION.name };

export function meanwhile(on) {
  const made = (change) => createCase(on.laidOut.admin, change);
  const description = (page) => page.getByRole('button', { name: 'Edit Description' });

  meeting(
    on,
    '5 another user changes the case: it shows, and the open editor keeps its text',
    [{ as: ANALYST }, AT_WORK],
    async ({ page: mine }, { page: theirs }) => {
      const { number } = await made({ title: 'Two of us' });
      await mine.goto(`/cases/${number}`);
      await theirs.goto(`/cases/${number}`);
      await description(mine).click();
      const text = mine.getByRole('main').getByRole('textbox', { name: 'Description' });
      await text.fill('My long account of it.');

      // What I do not edit shows by itself.
      await theirs.getByRole('button', { name: /^Edit Status:/ }).click();
      await theirs.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'In progress' });
      await theirs.getByRole('button', { name: 'Save' }).click();
      await mine.getByRole('button', { name: /^Edit Status:.*In progress/ }).waitFor();
      assert.equal(await text.inputValue(), 'My long account of it.');
      assert.ok(await text.evaluate((area) => area === document.activeElement), 'the cursor stays, too');

      // What I do edit is told, and mine stays until I decide.
      await description(theirs).click();
      await theirs.getByRole('main').getByRole('textbox', { name: 'Description' }).fill('Their short one.');
      await theirs.getByRole('button', { name: 'Save' }).click();
      await mine.getByText(`Changed by ${ADMIN.name} meanwhile`).waitFor();
      await mine.getByText('Their short one.').waitFor();
      assert.equal(await text.inputValue(), 'My long account of it.');

      await mine.getByRole('button', { name: 'Save' }).click();
      await theirs.getByText('My long account of it.').waitFor();
      const { description: kept } = await on.laidOut.admin.get(`/api/v1/case/${number}`);
      assert.equal(kept, 'My long account of it.');
    },
  );

  scene(on, '5 another tab changes the case: theirs can be taken', AT_WORK, async ({ page, context }) => {
    const { number } = await made({ title: 'Two tabs' });
    const other = await context.newPage();
    await page.goto(`/cases/${number}`);
    await other.goto(`/cases/${number}`);
    await page.bringToFront();
    await page.getByRole('button', { name: /^Edit title of the case/ }).click();
    const title = page.getByRole('main').getByRole('textbox', { name: 'Title' });
    await title.fill('Mine in the first tab');
    await on.laidOut.admin.patch(`/api/v1/case/${number}`, { title: 'From the second tab' });
    await page.getByText('Changed by you elsewhere meanwhile').waitFor();
    assert.equal(await title.inputValue(), 'Mine in the first tab');
    await other.getByRole('heading', { name: `#${number} From the second tab` }).waitFor();
    await page.getByRole('button', { name: 'Take theirs' }).click();
    assert.equal(await title.inputValue(), 'From the second tab');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: `#${number} From the second tab` }).waitFor();
  });

  meeting(
    on,
    '5 the drawer that edits several fields sends only what was changed in it',
    [{ as: ANALYST }],
    async ({ page }) => {
      const { _id, number } = await made({ title: 'Edited in the list' });
      await page.goto(`/cases?drawer=edit:${_id}`);
      const editing = drawer(page, `Edit case #${number}`);
      await field(editing, 'Title').fill('My title');
      await on.laidOut.admin.patch(`/api/v1/case/${_id}`, { severity: 4 });
      await editing.getByText(`${ADMIN.name} changed this case meanwhile`).waitFor();
      assert.equal(await field(editing, 'Title').inputValue(), 'My title');
      await editing.getByRole('button', { name: 'Confirm' }).click();
      await editing.waitFor({ state: 'detached' });
      const { title, severity } = await on.laidOut.admin.get(`/api/v1/case/${_id}`);
      assert.deepEqual({ title, severity }, { title: 'My title', severity: 4 });
    },
  );

  meeting(
    on,
    '7 two people reassign at once: the last one counts, and History has both',
    [{ as: ANALYST }, AT_WORK],
    async ({ page: one }, { page: two }) => {
      const { number } = await made({ title: 'Whose is it?', tasks: [] });
      await on.laidOut.admin.patch(`/api/v1/case/${number}`, { assignee: null });
      const choose = async (page, name) => {
        await page.goto(`/cases/${number}`);
        await page.getByRole('button', { name: /^Edit Assignee:/ }).click();
        await page.getByRole('combobox', { name: 'Assignee' }).click();
        await page.getByRole('option', { name }).click();
      };
      await choose(one, ADMIN.name);
      await choose(two, ANALYST.name);
      const save = (page) => page.getByRole('button', { name: 'Save' }).click();
      await Promise.all([save(one), save(two)]);

      const changes = await eventually(async () => {
        const found = await assigneeChanges(on, number);
        assert.equal(found.length, 3, 'nobody, one, the other');
        return found;
      });
      const [, first, last] = changes;
      assert.equal(last.before, first.after, 'the second knows what it replaced');
      const { assignee } = await on.laidOut.admin.get(`/api/v1/case/${number}`);
      assert.equal(assignee, last.after);

      const nameOf = (login) => [ADMIN, ANALYST].find((person) => person.login === login).name;
      for (const page of [one, two]) {
        await page
          .getByRole('button', { name: new RegExp(`^Edit Assignee:.*${nameOf(assignee)}`) })
          .waitFor();
        await page.goto(`/cases/${number}/history`);
        for (const { after } of [first, last]) {
          await rowOf(page, new RegExp(`Assignee:.*→\\s*${nameOf(after)}`)).waitFor();
        }
      }
    },
  );
}

/** What History has about the assignee of a case, the oldest first. */
async function assigneeChanges(on, number) {
  const audits = await on.laidOut.admin.query(
    { _name: 'getCase', idOrName: String(number) },
    { _name: 'auditsFromContext' },
    { _name: 'sort', _fields: [{ _createdAt: 'asc' }] },
  );
  return audits
    .filter(({ action }) => action === 'update')
    .flatMap(({ changes }) => changes ?? [])
    .filter(({ field }) => field === 'assignee');
}
