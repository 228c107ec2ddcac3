/** A drawer keeps the keyboard while it is open, and gives it back to where it came from. */
import { assertSeen, focused, goRound } from '../harness/focus.js';
import { ADMIN, ANALYST, CASE, createCase, ORGANISATION, TASKS } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, field, rowOf } from '../lab/places.js';

export function focusInDrawers(on) {
  scene(on, 'drawers of cases keep the keyboard, and give it back', { as: ANALYST }, async ({ page }) => {
    const { number } = await createCase(on.laidOut.admin);
    await page.goto('/cases');
    const row = rowOf(page, CASE.title);
    const named = (name) => page.getByRole('button', { name, exact: true });
    await thereAndBack(page, row.getByTestId('row-preview'), `#${number} - ${CASE.title}`);
    await thereAndBack(page, named('Create Case'), 'Create case');
    await thereAndBack(page, page.getByTestId('inbox-bell'), 'Inbox');
    await thereAndBack(page, page.getByTestId('live-feed'), /^Live feed/);
    await page.goto(`/cases/${number}/tasks`);
    await thereAndBack(page, rowOf(page, TASKS[1]).getByTestId('row-preview'), TASKS[1]);
    await thereAndBack(page, page.getByTestId('list-add'), 'Adding a task');
    await thereAndBack(page, named('Close case'), 'Close case');
  });

  scene(
    on,
    'drawers of the administrator keep the keyboard, and give it back',
    { as: ADMIN },
    async ({ page }) => {
      for (const [path, adding, name] of [
        ['/organisations', 'Adding an organization', ORGANISATION.name],
        ['/users', 'Adding a user', ANALYST.name],
        ['/profiles', 'Adding a profile', 'read-only'],
      ]) {
        await page.goto(path);
        await thereAndBack(page, page.getByTestId('list-add'), adding);
        const eye = page.getByRole('button', { name: `Preview ${name}`, exact: true });
        await thereAndBack(page, eye, name);
      }
    },
  );

  scene(
    on,
    'a drawer on a drawer, and a form in place of a choice, come back too',
    { as: ANALYST },
    async ({ page }) => {
      await page.goto('/cases');
      const opener = page.getByRole('banner').getByRole('button', { name: 'Create Case' });
      await opener.focus();
      await page.keyboard.press('Enter');
      const creating = drawer(page, 'Create case');
      await focused(creating.getByRole('button', { name: 'Empty case' }));
      await page.keyboard.press('Enter');
      await focused(field(creating, 'Title'));

      const add = creating.getByRole('button', { name: 'Add task' });
      await add.focus();
      await page.keyboard.press('Enter');
      const adding = drawer(page, 'Adding a task');
      await focused(field(adding, 'Title'));
      await goRound(adding, 'Tab');
      await page.keyboard.press('Escape');
      await adding.waitFor({ state: 'detached' });
      await focused(add);

      await page.keyboard.press('Escape');
      await creating.waitFor({ state: 'detached' });
      await focused(opener);
    },
  );

  scene(
    on,
    'after a drawer that confirmed, the keyboard is where it was',
    { as: ANALYST },
    async ({ page }) => {
      const { number } = await createCase(on.laidOut.admin, { title: 'Confirmed in drawers', tags: [] });
      await page.goto(`/cases/${number}/tasks`);
      const add = page.getByTestId('list-add');
      await add.focus();
      await page.keyboard.press('Enter');
      const adding = drawer(page, 'Adding a task');
      await focused(field(adding, 'Title'));
      await page.keyboard.type('One more');
      await page.keyboard.press('Control+Enter');
      await adding.waitFor({ state: 'detached' });
      await focused(add);

      await page.goto('/cases');
      const row = rowOf(page, 'Confirmed in drawers');
      await row.waitFor();
      await page.keyboard.press('j');
      await focused(row);
      await page.keyboard.press('t');
      const tagging = page.getByRole('dialog', { name: `Tags of case #${number}` });
      await tagging.getByLabel('Add').focus();
      await page.keyboard.type('typed');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+Enter');
      await tagging.waitFor({ state: 'detached' });
      await row.getByText('typed', { exact: true }).waitFor();
      await focused(row);
    },
  );

  scene(on, 'menus and questions give the keyboard back', { as: ANALYST }, async ({ page }) => {
    const { number } = await createCase(on.laidOut.admin, { title: 'Asked about' });
    await page.goto('/cases');
    const menu = rowOf(page, 'Asked about').getByRole('button', { name: `Actions on case #${number}` });
    await menu.focus();
    await page.keyboard.press('Enter');
    await focused(page.getByRole('menuitem', { name: 'Open in a new tab' }));
    await page.keyboard.press('ArrowDown');
    await focused(page.getByRole('menuitem', { name: 'Edit' }));
    await assertSeen(page);
    await page.keyboard.press('Escape');
    await focused(menu);

    await page.goto(`/cases/${number}/tasks?drawer=task:nothing`);
    await page.getByText('There is no such task here').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const tick = rowOf(page, TASKS[0]).getByRole('checkbox');
    await tick.focus();
    await page.keyboard.press('Space');
    const remove = page.getByRole('button', { name: 'Delete 1 task' });
    await remove.focus();
    await page.keyboard.press('Enter');
    const question = page.getByRole('alertdialog');
    await question.waitFor();
    await goRound(question, 'Tab');
    await goRound(question, 'Shift+Tab');
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await focused(remove);
  });
}

/** Opens by Enter, goes round inside, closes by Esc: the keyboard is at the opener again. */
async function thereAndBack(page, opener, title) {
  await opener.focus();
  await page.keyboard.press('Enter');
  const opened = page.getByRole('dialog', { name: title, exact: true });
  await opened.waitFor();
  await goRound(opened, 'Tab');
  await page.keyboard.press('Escape');
  await opened.waitFor({ state: 'detached' });
  await focused(opener);
}
