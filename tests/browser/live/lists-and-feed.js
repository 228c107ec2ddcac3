/** Lists change in place and never under a reader; the feed says who did what. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, ANALYST, createCase, ORGANISATION, tasksOf, TASKS } from '../harness/lab.js';
import { meeting, scene } from '../harness/scene.js';
import { rowOf, openTab, tab } from '../lab/places.js';

export function liveLists(on) {
  scene(on, 'a row of the list of cases changes in place', { as: ANALYST }, async ({ page }) => {
    const { admin } = on.laidOut;
    const made = [];
    for (const title of ['In place: one', 'In place: two', 'In place: three']) {
      made.push(await createCase(admin, { title, tags: [] }));
    }
    await page.goto('/cases?where=title:contains:In place');
    const titles = () => page.locator('tbody tr').allInnerTexts();
    const row = rowOf(page, `#${made[1].number}`);
    await row.getByText('0/3').waitFor();
    const before = await titles();
    await row.getByRole('checkbox').check();
    await marked(page);

    await admin.patch(`/api/v1/case/${made[1].number}`, {
      severity: 4,
      assignee: ANALYST.login,
      tags: ['seen'],
    });
    await row.getByText('Severity Critical').waitFor({ state: 'attached' });
    await row.getByText(ANALYST.name, { exact: true }).waitFor();
    await row.getByText('seen', { exact: true }).waitFor();
    const [task] = await tasksOf(admin, made[1].number);
    await admin.patch(`/api/v1/task/${task._id}`, { status: 'Completed' });
    await row.getByText('1/3').waitFor();
    await row.getByText('In progress').waitFor();
    await admin.patch(`/api/v1/case/${made[1].number}`, { title: 'In place: renamed' });
    await row.getByText('In place: renamed').waitFor();
    assert.ok(await row.getByRole('checkbox').isChecked(), 'what was ticked stays ticked');
    assert.equal((await titles()).length, before.length);
    assert.match((await titles())[1], /renamed/, 'and each stays where it was');

    // What is new waits behind a bar: a list does not move under a reader.
    const late = await createCase(admin, { title: 'In place: late', tasks: [] });
    await page.getByRole('button', { name: '1 new — show it' }).waitFor();
    assert.equal(await rowOf(page, late.title).count(), 0);
    await page.getByRole('button', { name: '1 new — show it' }).click();
    await rowOf(page, late.title).waitFor();
    await admin.send('DELETE', `/api/v1/case/${late._id}`);
    await rowOf(page, late.title).waitFor({ state: 'detached' });
    await stillMarked(page);
  });

  scene(
    on,
    'the page of a case and the list of all tasks follow, too',
    { as: ANALYST },
    async ({ page, context }) => {
      const { admin } = on.laidOut;
      const { number } = await createCase(admin, { title: 'Followed' });
      const [task] = await tasksOf(admin, number);
      const tasks = await context.newPage();
      await tasks.goto('/tasks');
      const row = tasks.locator(`tr[data-id="${task._id}"]`);
      await row.getByText('Waiting').waitFor();
      await page.bringToFront();
      await page.goto(`/cases/${number}/tasks`);
      await rowOf(page, TASKS[0]).getByText('Waiting').waitFor();
      for (const one of [page, tasks]) await marked(one);

      await admin.patch(`/api/v1/task/${task._id}`, { status: 'InProgress' });
      await rowOf(page, TASKS[0]).getByText('In progress').waitFor();
      await row.getByText('In progress').waitFor();
      await admin.post(`/api/v1/case/${number}/task`, { title: 'Another’s idea' });
      await rowOf(page, 'Another’s idea').waitFor();
      await tab(page, 'Tasks (4)').waitFor();
      await admin.post(`/api/v1/case/${number}/comment`, { message: 'Heard at once.' });
      await page
        .getByRole('article', { name: `comment by ${ADMIN.name}` })
        .getByText('Heard at once.')
        .waitFor();
      await openTab(page, 'History');
      await rowOf(page, 'Another’s idea').waitFor();
      await admin.patch(`/api/v1/case/${number}`, { severity: 3 });
      await page.getByRole('button', { name: '1 new — show it' }).click();
      await rowOf(page, /Severity:\s*Medium\s*→\s*High/).waitFor();
      for (const one of [page, tasks]) await stillMarked(one);
    },
  );

  meeting(
    on,
    'the feed is lit by what others do, and says it',
    [{ as: ANALYST }, { as: ADMIN, in: ORGANISATION.name }],
    async ({ page: mine }, { page: theirs }) => {
      const { number, title } = await createCase(on.laidOut.admin, { title: 'Told in the feed', tasks: [] });
      await mine.goto('/cases');
      await rowOf(mine, title).waitFor();
      await mine.getByRole('button', { name: 'Live feed', exact: true }).waitFor();
      await theirs.goto(`/cases/${number}`);
      await theirs.getByPlaceholder('Type a comment...').fill('Said for the feed.');
      await theirs.getByPlaceholder('Type a comment...').press('Enter');
      const lightning = mine.getByRole('button', { name: 'Live feed, 1 new' });
      await lightning.click();
      const feed = mine.getByRole('dialog', { name: /^Live feed \(/ });
      const entries = feed.locator('ol > li');
      await entries.filter({ hasText: 'Said for the feed.' }).getByText('commented').waitFor();
      await entries
        .first()
        .getByRole('link', { name: `#${number} - ${title}` })
        .waitFor();

      // While it is open, the newest comes on top.
      await theirs.getByRole('button', { name: 'Flag', exact: true }).click();
      await eventually(async () => {
        const [newest] = await entries.allInnerTexts();
        assert.match(newest, /changed the case/);
        assert.match(newest, /Flag/);
      });
      await mine.keyboard.press('Escape');
      await mine.getByRole('button', { name: 'Live feed', exact: true }).waitFor();
      assert.equal(
        await theirs.getByRole('button', { name: /^Live feed, / }).count(),
        0,
        'one’s own is no news',
      );
    },
  );
}

/** Leaves a mark that a reload would wipe away. */
const marked = (page) => page.evaluate(() => (window.marked = true));

async function stillMarked(page) {
  assert.equal(await page.evaluate(() => window.marked), true, 'without a reload');
}
