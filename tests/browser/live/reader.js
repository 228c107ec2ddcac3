/** Someone who may only read is offered nothing that would be refused: no button, no key, no address. */
import assert from 'node:assert/strict';
import { ADMIN, CASE, COMMENT, createCase, LOGS, READER, tasksOf, TASKS } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, rail, rowOf, openTab } from '../lab/places.js';

/** Words of controls that change something. */
const CHANGES =
  /^(edit|add|create|assign|delete|remove|close case|reopen|flag|unflag|select|status|severity|tags|save|confirm|send|restore|actions on (?!case)|mark)\b/i;

export function reader(on) {
  let laid;
  const caseOfTheLab = () => (laid ??= layOut(on.laidOut.admin));

  /** What can be pressed, ticked or typed into on this page, by name. */
  const controls = async (page) => {
    const found = await page
      .locator('main, dialog[open]')
      .locator('button, a[href], input, textarea, select, [role=checkbox], [draggable=true]')
      .evaluateAll((elements) =>
        elements
          // What heads a column sorts by it.
          .filter((element) => element.checkVisibility() && !element.closest('thead'))
          .map((element) => {
            const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent;
            return `${element.localName}[${element.type ?? ''}] ${(label ?? element.textContent).trim()}`;
          }),
      );
    return found;
  };
  const refusable = async (page) =>
    (await controls(page)).filter((control) => {
      const [kind, ...name] = control.split('] ');
      return /checkbox|textarea|datetime/.test(kind) || CHANGES.test(name.join('] '));
    });

  scene(on, 'reader: nothing to change on any page', { as: READER }, async ({ page }) => {
    const { number, task } = await caseOfTheLab();
    assert.deepEqual(await rail(page).evaluateAll((links) => links.map((link) => link.ariaLabel)), [
      'Cases',
      'Alerts',
      'Tasks',
      'ATT&CK matrix',
      'Knowledge base',
      'Dashboards',
      'Search',
    ]);
    const places = [
      ['/cases', rowOf(page, CASE.title).first()],
      [
        `/cases?drawer=preview:${number}`,
        drawer(page, `#${number} - ${CASE.title}`).getByText(CASE.description),
      ],
      [`/cases/${number}`, page.getByText(COMMENT)],
      [`/cases/${number}/tasks`, rowOf(page, TASKS[0])],
      [`/cases/${number}/tasks?drawer=task:${task}`, drawer(page, TASKS[0]).getByText(LOGS[0])],
      [`/cases/${number}/tasks/${task}`, page.getByText(LOGS[0])],
      [`/cases/${number}/history`, rowOf(page, ADMIN.name).first()],
      ['/tasks', rowOf(page, TASKS[0]).first()],
      [`/tasks?drawer=task:${task}`, drawer(page, TASKS[0]).getByText(LOGS[0])],
      ['/cases/bin', page.getByText('The bin is for those who may delete cases')],
    ];
    for (const [path, seen] of places) {
      await page.goto(path);
      await seen.waitFor();
      assert.ok((await controls(page)).length > 0, path);
      assert.deepEqual(await refusable(page), [], path);
      assert.equal(await page.getByRole('button', { name: 'Create Case' }).count(), 0);
    }
    await page.goto('/cases');
    await rowOf(page, CASE.title)
      .first()
      .getByRole('button', { name: /^Actions on case/ })
      .click();
    const items = await page.getByRole('menuitem').filter({ visible: true }).allInnerTexts();
    assert.deepEqual(
      items.map((text) => text.trim()),
      ['Open in a new tab'],
    );
  });

  scene(on, 'reader: no address and no key leads to a form', { as: READER }, async ({ page, watch }) => {
    const { _id, number, task } = await caseOfTheLab();
    const nothingOpens = async (what) => {
      // Whatever an address or a key asks for is fetched and drawn by then.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
      await watch.settled();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
      assert.equal(await page.getByRole('dialog').count(), 0, what);
    };
    for (const [path, seen] of [
      ['/cases?drawer=new-case:empty', rowOf(page, CASE.title).first()],
      [`/cases?drawer=edit:${_id}`, rowOf(page, CASE.title).first()],
      [`/cases?drawer=assign:${_id}`, rowOf(page, CASE.title).first()],
      [`/cases?drawer=tags:${_id}`, rowOf(page, CASE.title).first()],
      [`/cases?drawer=close:${_id}`, rowOf(page, CASE.title).first()],
      [`/cases/${number}?drawer=close`, page.getByText(COMMENT)],
      [`/cases/${number}/tasks?drawer=add-task`, rowOf(page, TASKS[0])],
    ]) {
      await page.goto(path);
      await seen.waitFor();
      await nothingOpens(path);
    }
    await page.goto('/cases');
    await rowOf(page, CASE.title).first().waitFor();
    await page.keyboard.press('j');
    for (const key of ['c', 'n', 'a', 'm', 'e', 'f', 't', 'x']) {
      await page.keyboard.press(key);
      await nothingOpens(key);
    }
    await page.goto(`/cases/${number}`);
    await page.getByText(COMMENT).waitFor();
    for (const key of ['e', 'a', 'c', 'f', 'n']) {
      await page.keyboard.press(key);
      await nothingOpens(key);
    }
    assert.deepEqual(await refusable(page), [], 'nor did an editor open in the page');

    // What the keys would do is not offered in words either.
    await page.keyboard.press('Control+k');
    const offered = await page.getByRole('option').allInnerTexts();
    assert.ok(offered.length > 0);
    assert.deepEqual(
      offered.filter((text) => /create|assign|edit|close|reopen|flag|write|add/i.test(text)),
      [],
    );

    // And the server would indeed refuse.
    const { reader: asking } = on.laidOut;
    for (const [method, path, body] of [
      ['POST', '/api/v1/case', { title: 'No', description: 'No' }],
      ['PATCH', `/api/v1/case/${number}`, { title: 'No' }],
      ['PATCH', `/api/v1/task/${task}`, { title: 'No' }],
      ['POST', `/api/v1/case/${number}/comment`, { message: 'No' }],
      ['DELETE', `/api/v1/case/${number}`],
    ]) {
      assert.equal((await asking.request(method, path, body)).status, 403, `${method} ${path}`);
    }
  });

  scene(on, 'reader: sees what others do, as it happens', { as: READER }, async ({ page }) => {
    const { number, task } = await caseOfTheLab();
    await page.goto(`/cases/${number}/tasks`);
    await rowOf(page, TASKS[1]).getByText('Waiting').waitFor();
    await on.laidOut.admin.post(`/api/v1/task/${task}/log`, { message: 'And another note.' });
    await on.laidOut.admin.patch(`/api/v1/task/${task}`, { status: 'Completed' });
    await rowOf(page, TASKS[0]).getByText('Completed').waitFor();
    await openTab(page, 'History');
    await rowOf(page, /→\s*Completed/)
      .first()
      .waitFor();
  });
}

/** A case with all that could be changed in it. */
async function layOut(admin) {
  const { _id, number } = await createCase(admin, { flag: true });
  const [task] = await tasksOf(admin, number);
  await admin.post(`/api/v1/task/${task._id}/log`, { message: LOGS[0] });
  await admin.post(`/api/v1/case/${number}/comment`, { message: COMMENT });
  return { _id, number, task: task._id };
}
