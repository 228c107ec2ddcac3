/** Part C from the case page on: hand the case over, say why, find it in the list. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, ANALYST, askers, CASE, COMMENT, createCase } from '../harness/lab.js';
import { photograph } from '../harness/pictures.js';
import { rail, rowOf, openTab, tab, toast } from './places.js';

export function partHandOver(step, on) {
  const assigned = (page) => page.getByRole('button', { name: /^Edit Assignee:/ });

  step('C7 Esc leaves the assignee as it was', async ({ page }) => {
    await assigned(page).click();
    await page.getByRole('combobox', { name: 'Assignee' }).fill('Ana');
    await page.getByRole('option', { name: ANALYST.name }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Edit Assignee:.*Default admin user/ }).waitFor();
  });

  step('C7 hit Assignee, choose Analyst, hit Save', async ({ page, hand }) => {
    await hand.click(assigned(page));
    const choice = page.getByRole('combobox', { name: 'Assignee' });
    await hand.type(choice, 'Ana');
    await photograph(page, 'C7-choosing-an-assignee');
    await hand.click(page.getByRole('option', { name: ANALYST.name }));
    const along = page.getByRole('checkbox', { name: 'also give the open tasks to Analyst' });
    assert.ok(await along.isChecked(), 'the open tasks go along');
    await photograph(page, 'C7-assignee-chosen');
    await hand.click(page.getByRole('button', { name: 'Save' }));
    await toast(page, 'Assigned to Analyst').waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Edit Assignee:.*Analyst/ }).waitFor();
    await page.getByRole('button', { name: 'Assign to me' }).waitFor();
  });

  step('C7 History has the change with old and new, the analyst has a notice', async ({ page }) => {
    await openTab(page, 'History');
    const change = rowOf(page, /Assignee:\s*Default admin user\s*→\s*Analyst/);
    await change.waitFor();
    assert.equal(await change.count(), 1);
    await photograph(page, 'C7-history');
    const { analyst } = askers(on.url);
    const inbox = await analyst.get('/api/skep/v1/inbox?unread=true&from=0&to=30');
    assert.equal(inbox.unreadCount, 1, 'the case with its tasks is one notice, not four');
    assert.equal(inbox.items[0].kind, 'assigned');
    await tab(page, 'General').click();
  });

  step('C8 the note on the right: Shift+Enter breaks the line, Enter sends', async ({ page, hand }) => {
    const input = page.getByPlaceholder('Type a comment...');
    const breaksLine = page.getByText('Shift+Enter breaks the line');
    await breaksLine.waitFor();
    await input.focus();
    await page.keyboard.type('a');
    await page.keyboard.press('Shift+Enter');
    assert.equal(await input.inputValue(), 'a\n');
    await input.fill('');
    await input.blur();
    await hand.type(input, COMMENT);
    await hand.press('Enter');
    const bubble = page.getByRole('article', { name: `comment by ${ADMIN.name}` });
    await bubble.getByText(COMMENT).waitFor();
    await eventually(async () => assert.equal(await input.inputValue(), ''));
    await photograph(page, 'C8-comment');
    await page.reload();
    await bubble.getByText(COMMENT).waitFor();
  });

  step('C9 the briefcase: the list, with a badge for what is new', async ({ page, hand }) => {
    const link = rail(page, 'Cases');
    const badge = link.getByTestId('rail-badge');
    await badge.filter({ hasText: '1' }).waitFor();
    assert.match(await badge.getAttribute('title'), /Cases in stage New: 1/);
    await hand.click(link);
    const row = rowOf(page, CASE.title);
    await row.getByText('New', { exact: true }).first().waitFor();
    await row.getByText('M', { exact: true }).waitFor();
    await row.getByText('#1', { exact: false }).first().waitFor();
    for (const tag of CASE.tags) await row.getByText(tag, { exact: true }).waitFor();
    await row.getByText('0/3').waitFor();
    await row.getByText(ANALYST.name).first().waitFor();
    await row.locator('time').first().waitFor();
    await photograph(page, 'C9-cases');
  });

  step('C10 Filters, at the right of the toolbar', async ({ page, hand }) => {
    const filters = page.getByRole('button', { name: 'Filters', exact: true });
    await page.getByRole('button', { name: 'Quick filters' }).waitFor();
    const toolbar = await page.getByRole('toolbar', { name: 'List actions' }).boundingBox();
    const box = await filters.boundingBox();
    assert.ok(toolbar.x + toolbar.width - box.x - box.width < 24, 'at the right end');
    assert.equal(await filters.locator('svg').count(), 1, 'with its funnel');
    await hand.click(filters);
    const editor = page.getByRole('form', { name: 'Filters' });
    const fields = await editor.getByLabel('Field').locator('option').allInnerTexts();
    for (const name of ['Assignee', 'Status', 'Severity', 'Tags', 'Title', 'Number', 'Created', 'Due']) {
      assert.ok(
        fields.some((field) => field.startsWith(name)),
        `${name} in ${fields.join(', ')}`,
      );
    }
    await photograph(page, 'C10-filters');
  });

  step('C11 by the assignee: Analyst has it, the administrator has none', async ({ page, hand }) => {
    const editor = page.getByRole('form', { name: 'Filters' });
    const value = editor.getByRole('combobox', { name: 'Value' });
    await hand.choose(editor.getByLabel('Field'), 'Assignee');
    assert.equal(await editor.getByLabel('Operator').locator('option:checked').innerText(), 'any of');
    await hand.click(value);
    await photograph(page, 'C11-names-to-choose');
    await hand.click(page.getByRole('option', { name: ANALYST.name }));
    await hand.click(editor.getByRole('button', { name: 'Apply' }));
    const chips = page.getByRole('group', { name: 'Active filters' });
    await chips.getByText('Assignee, any of: Analyst').waitFor();
    await page.getByText('1 of 1').waitFor();
    assert.equal(await rowOf(page, CASE.title).count(), 1);
    await photograph(page, 'C11-filtered');

    await editor.getByRole('button', { name: 'Remove Analyst' }).click();
    await value.click();
    await page.getByRole('option', { name: ADMIN.name }).click();
    await editor.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('No case matches; clear filters').waitFor();
    await page.getByText('0 of 0').waitFor();
    await photograph(page, 'C11-nothing-matches');
    await hand.click(page.getByRole('button', { name: 'Clear filters' }).first());
    await rowOf(page, CASE.title).waitFor();
    await page.keyboard.press('Escape');
  });

  step('C12 sort by severity, up and down and not', async ({ page, hand }) => {
    const { admin } = askers(on.url);
    const other = await createCase(admin, { title: 'Lost phone', severity: 4, tasks: [], tags: [] });
    await page.reload();
    const header = page.getByRole('columnheader', { name: 'Severity' });
    const order = () => page.locator('tbody tr').allInnerTexts();
    const sorted = async (direction, first) => {
      await eventually(async () => {
        assert.equal(await header.getAttribute('aria-sort'), direction);
        assert.ok((await order())[0].includes(first), `${first} first when ${direction}`);
      });
    };
    await rowOf(page, 'Lost phone').waitFor();
    await hand.click(header.getByRole('button'));
    await sorted('ascending', CASE.title);
    await hand.click(header.getByRole('button'));
    await sorted('descending', 'Lost phone');
    await photograph(page, 'C12-sorted');
    await header.getByRole('button').click();
    await eventually(async () => assert.equal(await header.getAttribute('aria-sort'), 'none'));
    await admin.send('DELETE', `/api/v1/case/${other._id}`);
  });
}
