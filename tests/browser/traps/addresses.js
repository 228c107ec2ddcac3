/** Trap 8: every address can be reloaded, and Back closes a drawer. */
import assert from 'node:assert/strict';
import {
  ADMIN,
  ANALYST,
  CASE,
  COMMENT,
  createCase,
  LOGS,
  ORGANISATION,
  tasksOf,
  TASKS,
} from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, rail, rowOf, tab } from '../lab/places.js';

export function addresses(on) {
  let laid;
  async function caseOfTheLab() {
    laid ??= layOut(on.laidOut);
    return laid;
  }

  scene(
    on,
    '8 every address of a case and of the lists can be reloaded',
    { as: ANALYST },
    async ({ page, watch }) => {
      watch.expect(/status of 404/);
      const { number, _id, task } = await caseOfTheLab();
      const heading = (name) => page.getByRole('heading', { name, exact: true });
      const inDrawer = (title, text) => drawer(page, title).getByText(text).first();
      await eachSeen(page, [
        [`/cases/${number}`, heading(`#${number} ${CASE.title}`), page.getByText(CASE.description)],
        [`/cases/${_id}`, heading(`#${number} ${CASE.title}`)],
        [`/cases/${number}/tasks`, rowOf(page, TASKS[0]), rowOf(page, TASKS[2])],
        [`/cases/${number}/tasks/${task}`, heading('Task details'), page.getByText(LOGS[0])],
        [`/cases/${number}/history`, rowOf(page, 'Comment'), rowOf(page, ADMIN.name).first()],
        [`/cases/${number}?drawer=close`, inDrawer('Close case', 'Status')],
        [`/cases/${number}/tasks?drawer=task:${task}`, inDrawer(TASKS[0], LOGS[0])],
        [`/cases/${number}/tasks?drawer=add-task`, inDrawer('Adding a task', 'Group')],
        [`/tasks/${task}`, heading('Task details')],
        [`/cases?drawer=preview:${number}`, inDrawer(`#${number} - ${CASE.title}`, CASE.description)],
        [`/cases?drawer=edit:${_id}`, inDrawer(`Edit case #${number}`, 'Severity')],
        [`/cases?drawer=assign:${_id}`, inDrawer(`Assign case #${number}`, 'Assignee')],
        [`/cases?drawer=tags:${_id}`, inDrawer(`Tags of case #${number}`, 'Add')],
        [`/cases?drawer=close:${_id}`, inDrawer('Close case', 'Status')],
        ['/cases?drawer=new-case', inDrawer('Create case', 'Empty case')],
        ['/cases?drawer=new-case:empty', inDrawer('Create case', 'Description')],
        ['/cases?drawer=new-case:empty&drawer=plan-task', inDrawer('Adding a task', 'Group')],
        ['/cases?drawer=inbox', drawer(page, 'Inbox')],
        ['/cases?drawer=live-feed', page.getByRole('dialog', { name: /^Live feed/ })],
        ['/cases/bin', heading('Bin')],
        ['/tasks', rowOf(page, CASE.title).first()],
        [`/tasks?drawer=task:${task}`, inDrawer(TASKS[0], LOGS[0])],
        ['/settings/password', heading('Password'), page.getByLabel('New password').first()],
        ['/api-docs', heading('API documentation')],
        ['/nowhere', page.getByText('There is no such page')],
        [
          '/cases/999999',
          page
            .getByText('There is no such case here')
            .or(page.getByText(/999999/))
            .first(),
        ],
      ]);
    },
  );

  scene(
    on,
    '8 a list keeps its filters, its order and its page over a reload',
    { as: ANALYST },
    async ({ page }) => {
      const { admin } = on.laidOut;
      for (const [title, severity] of [
        ['Kept over a reload: one', 1],
        ['Kept over a reload: two', 4],
        ['Kept over a reload: three', 4],
      ]) {
        await createCase(admin, { title, severity, tasks: [], tags: [] });
      }
      await page.goto('/cases?where=title:contains:Kept%20over;severity:any:4&sort=title');
      const chips = page.getByRole('group', { name: 'Active filters' });
      const check = async () => {
        await chips.getByText(/Title, contains: Kept over/).waitFor();
        await chips.getByText(/Severity, any of: Critical/).waitFor();
        await page.getByText('2 of 2').waitFor();
        const header = page.getByRole('columnheader', { name: 'Title' });
        assert.equal(await header.getAttribute('aria-sort'), 'ascending');
        const rows = await page.locator('tbody tr').allInnerTexts();
        assert.match(rows[0], /three/);
        assert.match(rows[1], /two/);
      };
      await check();
      await page.reload();
      await check();
      await rowOf(page, 'two').getByRole('link', { name: 'Kept over a reload: two' }).click();
      await page.getByRole('heading', { name: /^#\d+ Kept over a reload: two/ }).waitFor();
      await page.goBack();
      await check();
    },
  );

  scene(
    on,
    '8 a reload keeps a drawer, Back closes it and leaves the page under it',
    { as: ANALYST },
    async ({ page }) => {
      const { number, task } = await caseOfTheLab();
      await page.goto('/cases');
      await rail(page, 'Cases').waitFor();
      const opened = async (title, open, under) => {
        await open();
        await drawer(page, title).waitFor();
        await page.reload();
        await drawer(page, title).waitFor();
        await page.goBack();
        await drawer(page, title).waitFor({ state: 'detached' });
        await under.waitFor();
        assert.doesNotMatch(page.url(), /drawer/);
      };
      const row = rowOf(page, CASE.title);
      const list = page.getByRole('toolbar', { name: 'List actions' });
      await opened(`#${number} - ${CASE.title}`, () => row.getByTestId('row-preview').click(), list);
      await opened('Create case', () => page.getByRole('button', { name: 'Create Case' }).click(), list);
      await opened('Inbox', () => page.getByTestId('inbox-bell').click(), list);
      await row.getByRole('link', { name: CASE.title }).click();
      await tab(page, /^Tasks/).click();
      const tasks = rowOf(page, TASKS[0]);
      await opened(TASKS[0], () => tasks.getByTestId('row-preview').click(), tasks);
      await opened('Adding a task', () => page.getByTestId('list-add').click(), tasks);
      await opened(
        'Close case',
        () => page.getByRole('button', { name: 'Close case', exact: true }).click(),
        tasks,
      );

      // Two on top of each other: each Back takes one.
      await page.goto('/cases?drawer=new-case:empty');
      await page.getByTestId('add-task').click();
      await drawer(page, 'Adding a task').waitFor();
      await page.goBack();
      await drawer(page, 'Adding a task').waitFor({ state: 'detached' });
      assert.ok(await drawer(page, 'Create case').isVisible());

      // Entered by its address there is nothing to go back to: closing leaves the page.
      await page.goto(`/cases/${number}/tasks?drawer=task:${task}`);
      await drawer(page, TASKS[0]).waitFor();
      await page.keyboard.press('Escape');
      await drawer(page, TASKS[0]).waitFor({ state: 'detached' });
      await page.waitForURL(`**/cases/${number}/tasks`);
      await page.reload();
      await tasks.waitFor();
      assert.equal(await page.getByRole('dialog').count(), 0, 'a closed drawer stays closed');
    },
  );

  scene(on, '8 every address of the administrator can be reloaded', { as: ADMIN }, async ({ page }) => {
    const { platform } = on.laidOut;
    const { _id } = await platform.get(`/api/v1/organisation/${encodeURIComponent(ORGANISATION.name)}`);
    const user = await platform.get(`/api/v1/user/${ANALYST.login}`);
    await eachSeen(page, [
      ['/organisations', rowOf(page, ORGANISATION.name)],
      ['/organisations?drawer=new', drawer(page, 'Adding an organization')],
      [`/organisations?drawer=preview:${_id}`, drawer(page, ORGANISATION.name)],
      [`/organisations/${_id}`, page.getByText(ORGANISATION.description), rowOf(page, ANALYST.login)],
      ['/users', rowOf(page, ANALYST.login)],
      ['/users?drawer=new', drawer(page, 'Adding a user')],
      [
        `/users?drawer=preview:${user._id}`,
        drawer(page, ANALYST.name).getByLabel(`Profile in ${ORGANISATION.name}`),
      ],
      ['/profiles', rowOf(page, 'read-only')],
      ['/profiles?drawer=new', drawer(page, 'Adding a profile')],
      ['/settings', page.getByRole('link', { name: 'Password' })],
    ]);
  });
}

/** Goes to each address, as a reload does, and sees what belongs there. */
async function eachSeen(page, places) {
  for (const [path, ...seen] of places) {
    await page.goto(path);
    for (const what of seen) await what.waitFor();
  }
}

async function layOut({ admin }) {
  const { _id, number } = await createCase(admin);
  const [task] = await tasksOf(admin, number);
  await admin.post(`/api/v1/task/${task._id}/log`, { message: LOGS[0] });
  await admin.post(`/api/v1/case/${number}/comment`, { message: COMMENT });
  return { _id, number, task: task._id };
}
