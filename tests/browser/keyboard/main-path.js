/** Sign in, find, create, work and close: not one click. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { assertSeen, focused, tabTo } from '../harness/focus.js';
import { ANALYST, createCase, SUMMARY } from '../harness/lab.js';
import { drawer, field, rowOf, tab, toast } from '../lab/places.js';

const TITLE = 'Made without a mouse';
const OTHERS = ['Lost phone', 'Odd login', 'Strange invoice'];

export function mainPath(step, on) {
  const press = async (page, ...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const rows = (page) => page.locator('tbody').getByRole('row');

  step('sign in: the cursor is in the first field, Enter is the button', async (visit) => {
    const { page } = visit;
    for (const title of OTHERS) await createCase(on.laidOut.admin, { title, tasks: [], tags: [] });
    visit.watch.expect(/status of 401/);
    await page.goto('/');
    await focused(page.getByLabel('Login'));
    await page.keyboard.type(ANALYST.login);
    await press(page, 'Tab');
    await focused(page.getByLabel('Password', { exact: true }));
    await page.keyboard.type(ANALYST.password);
    await press(page, 'Enter');
    await rowOf(page, OTHERS[0]).waitFor();
  });

  step('the first Tab leads past the rail to the content', async ({ page }) => {
    await press(page, 'Tab');
    await focused(page.getByRole('link', { name: 'Skip to content' }));
    await assertSeen(page);
    await press(page, 'Enter');
    await tabTo(page.getByTestId('list-add'));
    const stops = page.getByRole('navigation', { name: 'Main' }).locator(':focus');
    assert.equal(await stops.count(), 0);
  });

  step('? says which keys there are, and they are what works here', async ({ page }) => {
    await press(page, '?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const [label, key] of [
      ['Create case', 'c'],
      ['Next row', 'j'],
      ['Previous row', 'k'],
      ['Open row', 'Enter'],
      ['Search and actions', 'Ctrl + k'],
      ['Inbox', 'i'],
    ]) {
      const line = help.locator('dl > div').filter({ has: page.getByText(label, { exact: true }) });
      await line.getByText(key, { exact: true }).first().waitFor();
    }
    await press(page, 'Escape');
    await help.waitFor({ state: 'detached' });
    await focused(page.getByTestId('list-add'));
  });

  step('j and k move in the list, and the row is seen', async ({ page }) => {
    await press(page, 'j');
    await focused(rows(page).nth(0));
    await assertSeen(page);
    await press(page, 'j', 'j');
    await focused(rows(page).nth(2));
    await assertSeen(page);
    await press(page, 'j', 'k');
    await focused(rows(page).nth(1));
    await press(page, 'x');
    await page.getByText('1 selected').waitFor();
    await press(page, 'x');
    await page.getByText('1 selected').waitFor({ state: 'detached' });
  });

  step('Space previews a row, j and k go on in the preview, Esc comes back to the row', async ({ page }) => {
    await press(page, 'Space');
    await drawer(page, `#2 - ${OTHERS[1]}`).waitFor();
    await press(page, 'j');
    await drawer(page, `#1 - ${OTHERS[0]}`).waitFor();
    await press(page, 'k');
    await drawer(page, `#2 - ${OTHERS[1]}`).waitFor();
    await press(page, 'Escape');
    await drawer(page, `#2 - ${OTHERS[1]}`).waitFor({ state: 'detached' });
    await focused(rows(page).nth(1));
    await assertSeen(page);
  });

  step('Enter opens a row, g c comes back', async ({ page }) => {
    await press(page, 'Enter');
    await page.getByRole('heading', { name: `#2 ${OTHERS[1]}` }).waitFor();
    await press(page, 'g', 'c');
    await rowOf(page, OTHERS[0]).waitFor();
  });

  step('the palette finds a case by words and by number, and an action', async ({ page }) => {
    const palette = page.getByRole('dialog', { name: 'Search and actions' });
    await press(page, 'Control+k');
    await focused(palette.getByRole('combobox'));
    await page.keyboard.type('invoice');
    await palette.getByRole('option', { name: /Strange invoice/ }).waitFor();
    await press(page, 'Enter');
    await page.getByRole('heading', { name: `#3 ${OTHERS[2]}` }).waitFor();
    await press(page, 'Control+k');
    await page.keyboard.type('#1');
    await palette.getByRole('option', { name: /#1/ }).first().waitFor();
    await press(page, 'Enter');
    await page.getByRole('heading', { name: `#1 ${OTHERS[0]}` }).waitFor();
    await press(page, 'Control+k');
    await page.keyboard.type('go to cases');
    await palette.getByRole('option', { name: /Go to Cases/ }).waitFor();
    await press(page, 'Enter');
    await rowOf(page, OTHERS[0]).waitFor();
  });

  step('c creates a case: Enter for an empty one, Tab through the form, Ctrl+Enter', async ({ page }) => {
    await press(page, 'c');
    const creating = drawer(page, 'Create case');
    await focused(creating.getByRole('button', { name: 'Empty case' }));
    await press(page, 'Enter');
    await focused(field(creating, 'Title'));
    await page.keyboard.type(TITLE);
    await tabTo(creating.getByLabel('Tags'), { within: creating });
    await page.keyboard.type('phishing');
    await press(page, 'Enter');
    await tabTo(field(creating, 'Description'), { within: creating });
    await page.keyboard.type('Typed, all of it.');
    await press(page, 'Control+Enter');
    await page.getByRole('heading', { name: `#4 ${TITLE}` }).waitFor();
  });

  step('1, 2 and 3 are the tabs', async ({ page }) => {
    for (const [key, name] of [
      ['2', /^Tasks/],
      ['3', /^Alerts/],
      ['1', 'General'],
    ]) {
      await press(page, key);
      await eventually(async () => assert.equal(await tab(page, name).getAttribute('aria-current'), 'page'));
    }
  });

  step('c goes to the comment, Ctrl+Enter sends it, and the cursor stays for the next', async ({ page }) => {
    await press(page, 'c');
    const input = page.getByPlaceholder('Type a comment...');
    await focused(input);
    await assertSeen(page);
    await page.keyboard.type('Said by keys');
    await press(page, 'Control+Enter');
    const bubble = page.getByRole('article', { name: `comment by ${ANALYST.name}` });
    await bubble.getByText('Said by keys').waitFor();
    await focused(input);
    assert.equal(await input.inputValue(), '');
  });

  step('n adds a task', async ({ page }) => {
    await tabTo(page.getByRole('button', { name: 'Hide comments' }), { key: 'Shift+Tab' });
    await press(page, '2');
    await page.getByTestId('list-add').waitFor();
    await press(page, 'n');
    const adding = drawer(page, 'Adding a task');
    await focused(field(adding, 'Title'));
    await page.keyboard.type('Ask the sender');
    await press(page, 'Control+Enter');
    await adding.waitFor({ state: 'detached' });
    await rowOf(page, 'Ask the sender').waitFor();
  });

  step('j to the task, Space for its drawer: a note, and completed', async ({ page }) => {
    const row = rowOf(page, 'Ask the sender');
    await press(page, 'j');
    await focused(row);
    await assertSeen(page);
    await press(page, 'Space');
    const task = drawer(page, 'Ask the sender');
    await tabTo(task.getByRole('button', { name: 'Add log' }), { within: task });
    await press(page, 'Enter');
    await focused(field(task, 'Log'));
    await page.keyboard.type('It was not sent by them.');
    await press(page, 'Control+Enter');
    await task.getByRole('heading', { name: 'Activity (1)' }).waitFor();
    await focused(task.getByRole('button', { name: 'Add log' }));
    await tabTo(task.getByLabel('Status'), { key: 'Shift+Tab', within: task });
    await page.keyboard.type('Comp');
    await tabTo(task.getByRole('button', { name: 'Confirm' }), { within: task });
    await press(page, 'Enter');
    await page.locator('tbody tr').filter({ hasText: 'Ask the sender' }).getByText('Completed').waitFor();
    await press(page, 'Escape');
    await task.waitFor({ state: 'detached' });
    await focused(row);
  });

  step('the palette closes the case', async ({ page }) => {
    await press(page, 'Control+k');
    await page.keyboard.type('close case');
    await page.getByRole('option', { name: /Close case/ }).waitFor();
    await press(page, 'Enter');
    const closing = drawer(page, 'Close case');
    await focused(closing.getByRole('combobox', { name: 'Status' }));
    await page.keyboard.type('True');
    await tabTo(field(closing, 'Summary'), { within: closing });
    await page.keyboard.type(SUMMARY);
    await press(page, 'Control+Enter');
    await toast(page, /closed: True Positive/).waitFor();
    await page.getByRole('button', { name: 'Reopen' }).waitFor();
  });

  step('all of it arrived', async () => {
    const item = await on.laidOut.analyst.get('/api/v1/case/4');
    assert.equal(item.title, TITLE);
    assert.deepEqual(item.tags, ['phishing']);
    assert.equal(item.status, 'TruePositive');
    assert.equal(item.summary, SUMMARY);
  });
}
