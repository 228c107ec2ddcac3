/** Trap 4: the session ends while something is being typed. TheHive lost it (issue #2280). */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, ANALYST, createCase, ORGANISATION, tasksOf } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, field, toast } from '../lab/places.js';

const DESCRIPTION = 'A long account that nobody wants to type twice.';

export function endedSession(on) {
  async function endSessions({ watch }, { login }) {
    // Nothing else may find out before what the test is about.
    await watch.settled();
    watch.expect(/status of 401/);
    await on.laidOut.platform.send('DELETE', `/api/skep/v1/user/${login}/session`);
  }

  async function signInAgain(page, { password }) {
    const over = page.getByRole('dialog', { name: 'Your session has ended' });
    await over.getByLabel('Password', { exact: true }).fill(password);
    await over.getByRole('button', { name: 'Let me in' }).click();
    await over.waitFor({ state: 'detached' });
  }

  async function typeCase(page, title) {
    await page.goto('/cases?drawer=new-case:empty');
    const creating = drawer(page, 'Create case');
    await field(creating, 'Title').fill(title);
    await field(creating, 'Description').fill(DESCRIPTION);
    return creating;
  }

  scene(
    on,
    '4 the session ends in a drawer: sign in over it, and it is saved',
    { as: ANALYST },
    async (visit) => {
      const { page } = visit;
      const title = 'Typed before the session ended';
      const creating = await typeCase(page, title);
      await endSessions(visit, ANALYST);
      await creating.getByRole('button', { name: 'Confirm', exact: true }).click();
      const over = page.getByRole('dialog', { name: 'Your session has ended' });
      await over.waitFor();
      assert.equal(await over.getByLabel('Login').inputValue(), ANALYST.login);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      // Esc leaves no page behind that cannot save: what the browser closes at the second one comes back.
      await over.waitFor();

      await over.getByLabel('Password', { exact: true }).fill('not it');
      await over.getByRole('button', { name: 'Let me in' }).click();
      await over.getByText('Login or password is not right.').waitFor();
      await signInAgain(page, ANALYST);
      await page.getByRole('heading', { name: new RegExp(`^#\\d+ ${title}$`) }).waitFor();
      await page.getByText(DESCRIPTION).waitFor();
      assert.equal(await casesCalled(on, title), 1, 'sent once');
    },
  );

  scene(
    on,
    '4 the session ends on a task: the note is sent after signing in',
    { as: ANALYST },
    async (visit) => {
      const { page } = visit;
      const { number } = await createCase(on.laidOut.analyst, { title: 'Worked on while the session ends' });
      const [task] = await tasksOf(on.laidOut.analyst, number);
      await page.goto(`/cases/${number}/tasks/${task._id}`);
      await page.getByRole('button', { name: 'Add log' }).click();
      await page.getByLabel('Log', { exact: true }).fill('Found before the session ended.');
      await endSessions(visit, ANALYST);
      await page.getByRole('button', { name: 'Confirm' }).click();
      await signInAgain(page, ANALYST);
      await page
        .getByRole('article', { name: `log by ${ANALYST.name}` })
        .getByText('Found before')
        .waitFor();
      await page.getByRole('heading', { name: 'Activity (1)' }).waitFor();
    },
  );

  scene(
    on,
    '4 the session ends at a comment: it is sent once, and the feed is back',
    { as: ANALYST },
    async (visit) => {
      const { page } = visit;
      const { number } = await createCase(on.laidOut.analyst, {
        title: 'Talked about while the session ends',
      });
      await page.goto(`/cases/${number}`);
      const comment = page.getByPlaceholder('Type a comment...');
      await comment.fill('Said before the session ended.');
      await endSessions(visit, ANALYST);
      await comment.press('Enter');
      await signInAgain(page, ANALYST);
      const bubble = page.getByRole('article', { name: `comment by ${ANALYST.name}` });
      await bubble.getByText('Said before').waitFor();
      await eventually(async () => assert.doesNotMatch(await bubble.innerText(), /sending/));
      assert.equal(await bubble.count(), 1);

      await on.laidOut.admin.post(`/api/v1/case/${number}/comment`, { message: 'Heard afterwards.' });
      await page
        .getByRole('article', { name: `comment by ${ADMIN.name}` })
        .getByText('Heard afterwards')
        .waitFor();
    },
  );

  scene(
    on,
    '4 a reload after the session ended: the way back, and the draft',
    { as: ANALYST },
    async (visit) => {
      const { page } = visit;
      const title = 'Typed before a reload';
      await typeCase(page, title);
      await endSessions(visit, ANALYST);
      await page.reload();
      await page.getByLabel('Login').fill(ANALYST.login);
      await page.getByLabel('Password', { exact: true }).fill(ANALYST.password);
      await page.getByRole('button', { name: 'Let me in' }).click();
      const creating = drawer(page, 'Create case');
      await eventually(async () => assert.equal(await field(creating, 'Title').inputValue(), title));
      assert.equal(await field(creating, 'Description').inputValue(), DESCRIPTION);
      await creating.getByRole('button', { name: 'Confirm', exact: true }).click();
      await toast(page, /^Case #\d+ created$/).waitFor();
      await page.goto('/cases?drawer=new-case:empty');
      assert.equal(await field(creating, 'Title').inputValue(), '', 'what was saved is no draft any more');
    },
  );

  scene(
    on,
    '4 someone else signs in instead: the draft waits for its owner',
    { as: ANALYST },
    async (visit) => {
      const { page } = visit;
      const title = 'Not for a colleague’s eyes';
      const creating = await typeCase(page, title);
      await endSessions(visit, ANALYST);
      await creating.getByRole('button', { name: 'Confirm', exact: true }).click();
      await page.getByRole('button', { name: 'Sign in as someone else' }).click();
      await visit.signIn(ADMIN);
      await visit.switchTo(ORGANISATION.name);
      await page.goto('/cases?drawer=new-case:empty');
      await field(creating, 'Title').waitFor();
      assert.equal(await field(creating, 'Title').inputValue(), '');
      assert.equal(await casesCalled(on, title), 0, 'nor was it sent under another name');

      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByTestId('user-menu').click();
      await page.getByRole('menuitem', { name: 'Logout' }).click();
      await page.getByRole('button', { name: 'Let me in' }).waitFor();
      await visit.signIn(ANALYST);
      await page.goto('/cases?drawer=new-case:empty');
      await eventually(async () => assert.equal(await field(creating, 'Title').inputValue(), title));
    },
  );
}

const casesCalled = (on, title) =>
  on.laidOut.analyst.query(
    { _name: 'listCase' },
    { _name: 'filter', _eq: { _field: 'title', _value: title } },
    { _name: 'count' },
  );
