/** The bell: what concerns a person rings, and what was looked at is quiet. */
import assert from 'node:assert/strict';
import { ADMIN, ANALYST, createCase, ORGANISATION, tasksOf } from '../harness/lab.js';
import { meeting } from '../harness/scene.js';
import { drawer } from '../lab/places.js';

const PEOPLE = [{ as: ANALYST }, { as: ADMIN, in: ORGANISATION.name }];

export function inbox(on) {
  const bell = (page, unread) =>
    page.getByRole('button', { name: unread === 0 ? 'Inbox' : `Inbox, ${unread} unread`, exact: true });
  const notice = (page, text) => drawer(page, 'Inbox').getByRole('listitem').filter({ hasText: text });

  async function quiet() {
    for (const one of [on.laidOut.admin, on.laidOut.analyst]) {
      await one.post('/api/skep/v1/inbox/read', { all: true });
    }
  }

  meeting(
    on,
    'a case that is given rings, and is read once it was opened',
    PEOPLE,
    async ({ page: mine }, { page: theirs }) => {
      await quiet();
      const { number, title } = await createCase(on.laidOut.admin, { title: 'Given away', tasks: [] });
      await bell(mine, 0).waitFor();
      await theirs.goto(`/cases/${number}`);
      await theirs.getByRole('button', { name: /^Edit Assignee:/ }).click();
      await theirs.getByRole('combobox', { name: 'Assignee' }).fill('Ana');
      await theirs.getByRole('option', { name: ANALYST.name }).click();
      await theirs.getByRole('button', { name: 'Save' }).click();
      await bell(mine, 1).waitFor();

      await bell(mine, 1).click();
      const given = notice(mine, title);
      await given.getByText(`${ADMIN.name} gave you a case`).waitFor();
      await given.getByText('Unread:').waitFor();
      await given.getByRole('link', { name: new RegExp(title) }).click();
      await mine.getByRole('heading', { name: `#${number} ${title}` }).waitFor();
      await bell(mine, 0).waitFor();
      await bell(theirs, 0).waitFor();

      // To oneself nobody gives a notice.
      await mine.goto(`/cases/${number}`);
      await mine.getByRole('button', { name: 'Flag', exact: true }).click();
      await mine.getByPlaceholder('Type a comment...').fill('Mine already.');
      await mine.getByPlaceholder('Type a comment...').press('Enter');
      await mine.getByRole('article', { name: `comment by ${ANALYST.name}` }).waitFor();
      const { unreadCount } = await on.laidOut.analyst.get('/api/skep/v1/inbox?unread=true&from=0&to=30');
      assert.equal(unreadCount, 0);
    },
  );

  meeting(
    on,
    'a mention by @ rings for who does not have the case, and the words are there',
    PEOPLE,
    async ({ page: mine }, { page: theirs }) => {
      await quiet();
      const { number } = await createCase(on.laidOut.admin, { title: 'Asked in passing', tasks: [] });
      await theirs.goto(`/cases/${number}`);
      const comment = theirs.getByPlaceholder('Type a comment...');
      await comment.click();
      await theirs.keyboard.type('Do you know this one, @ana');
      await theirs.getByRole('option', { name: ANALYST.name }).waitFor();
      await theirs.keyboard.press('Enter');
      assert.equal(await comment.inputValue(), `Do you know this one, @${ANALYST.login} `);
      await theirs.keyboard.press('Enter');
      await theirs
        .getByRole('article', { name: `comment by ${ADMIN.name}` })
        .getByText('Do you know')
        .waitFor();

      await bell(mine, 1).click();
      const asked = notice(mine, 'Asked in passing');
      await asked.getByText(`${ADMIN.name} mentioned you`).waitFor();
      await asked.getByText('Do you know this one').waitFor();
      await asked.getByRole('link').click();
      await mine
        .getByRole('article', { name: `comment by ${ADMIN.name}` })
        .getByText('Do you know')
        .waitFor();
      await bell(mine, 0).waitFor();
    },
  );

  meeting(
    on,
    'a task and a comment ring, too; each can be unread again, and all be read at once',
    PEOPLE,
    async ({ page: mine, context }) => {
      await quiet();
      const { admin, analyst } = on.laidOut;
      const { number } = await createCase(analyst, { title: 'Full of news' });
      const [task] = await tasksOf(admin, number);
      await admin.patch(`/api/v1/task/${task._id}`, { assignee: ANALYST.login });
      await bell(mine, 1).waitFor();
      await admin.post(`/api/v1/case/${number}/comment`, { message: 'Look at the header.' });
      await bell(mine, 2).waitFor();
      const other = await context.newPage();
      await other.goto('/cases');
      await bell(other, 2).waitFor();

      await mine.bringToFront();
      await bell(mine, 2).click();
      const commented = notice(mine, 'commented on your case');
      await commented.getByText('Look at the header.').waitFor();
      await commented.getByRole('button', { name: 'Mark as read' }).click();
      await commented.getByText('Unread:').waitFor({ state: 'detached' });
      await commented.getByRole('button', { name: 'Mark as unread' }).click();
      await commented.getByText('Unread:').waitFor();
      const given = notice(mine, 'gave you a task');
      await given.getByRole('link', { name: task.title }).waitFor();
      await drawer(mine, 'Inbox').getByRole('button', { name: 'Mark all as read' }).click();
      await given.getByText('Unread:').waitFor({ state: 'detached' });
      await given.getByRole('link', { name: task.title }).click();
      await mine.getByRole('heading', { name: 'Task details' }).waitFor();
      await bell(mine, 0).waitFor();
      await bell(other, 0).waitFor();
    },
  );
}
