/** Part C up to the case page: switch organisation, create the case with its tasks. */
import assert from 'node:assert/strict';
import { CASE, ORGANISATION, TASKS } from '../harness/lab.js';
import { photograph } from '../harness/pictures.js';
import { drawer, field, rail, tab } from './places.js';

export function partCreate(step) {
  step('C1 the letter at the top left: from administrator to analyst', async ({ page, hand }) => {
    const letter = page.getByTestId('org-switch');
    assert.equal((await letter.innerText()).trim(), 'A');
    assert.equal(await letter.getAttribute('aria-label'), 'Switch organization, current: admin');
    await hand.click(letter);
    const choice = page.getByRole('menuitemradio', { name: ORGANISATION.name });
    await choice.getByText('analyst', { exact: true }).waitFor();
    await photograph(page, 'C1-organizations-menu');
    await hand.click(choice);
    await page.getByRole('button', { name: `Switch organization, current: ${ORGANISATION.name}` }).waitFor();
    assert.equal((await letter.innerText()).trim(), 'I');
    await page.getByRole('heading', { name: 'Cases', exact: true }).waitFor();
    const names = await rail(page).evaluateAll((links) => links.map((link) => link.ariaLabel));
    assert.deepEqual(
      names,
      ['Cases', 'Alerts', 'Tasks', 'ATT&CK matrix', 'Knowledge base', 'Dashboards', 'Search'],
      'no Organization entry: this profile has no right in it',
    );
  });

  step('C2 the analyst’s view: an empty list that teaches', async ({ page }) => {
    await page.getByText('0 of 0').waitFor();
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Create a case' }).waitFor();
    await page.getByRole('banner').getByRole('button', { name: 'Create Case' }).waitFor();
    assert.equal((await page.getByTestId('user-menu').innerText()).trim(), 'D');
    await photograph(page, 'C2-no-cases');
  });

  step('C3 create case, empty case', async ({ page, hand }) => {
    await hand.click(page.getByRole('banner').getByRole('button', { name: 'Create Case' }));
    const creating = drawer(page, 'Create case');
    const empty = creating.getByRole('button', { name: 'Empty case' });
    await empty.waitFor();
    assert.ok(await empty.evaluate((button) => button === document.activeElement), 'it has the focus');
    await photograph(page, 'C3-create-case');
    await hand.click(empty);
    await field(creating, 'Title').waitFor();
  });

  step('C4 fill the form', async ({ page, hand }) => {
    const creating = drawer(page, 'Create case');
    const confirm = creating.getByRole('button', { name: 'Confirm', exact: true });
    assert.ok(await confirm.isDisabled(), 'off without a title');
    await hand.type(field(creating, 'Title'), CASE.title);
    assert.ok(await confirm.isDisabled(), 'off without a description');
    assert.notEqual(await creating.getByLabel('Date').first().inputValue(), '', 'the date is there');
    for (const [label, value] of [
      ['Severity', 'Medium'],
      ['TLP', 'Amber'],
      ['PAP', 'Amber'],
    ]) {
      const chosen = creating.getByRole('radiogroup', { name: label }).getByRole('radio', { checked: true });
      assert.match(await chosen.evaluate((radio) => radio.labels[0].textContent), new RegExp(value, 'i'));
    }
    const tags = creating.getByLabel('Tags');
    for (const tag of CASE.tags) {
      await hand.type(tags, tag);
      await hand.press('Enter');
      await creating.getByRole('button', { name: `Remove ${tag}` }).waitFor();
    }
    await hand.type(field(creating, 'Description'), CASE.description);
    assert.ok(await confirm.isEnabled());
    await photograph(page, 'C4-case-filled');
  });

  step('C5 three tasks at the bottom', async ({ page, hand }) => {
    const creating = drawer(page, 'Create case');
    await hand.click(creating.getByRole('button', { name: 'Add task' }));
    const adding = drawer(page, 'Adding a task');
    for (const [index, title] of TASKS.entries()) {
      assert.equal(await adding.getByLabel('Group').inputValue(), 'default');
      await hand.type(field(adding, 'Title'), title);
      if (index === 0) {
        for (const label of ['Mandatory', 'Description', 'Assignee', 'Flag this task?', 'Due date']) {
          await adding.getByLabel(label).first().waitFor();
        }
        await hand.click(adding.getByLabel(/add another/i));
        await photograph(page, 'C5-adding-a-task');
      }
      if (index === TASKS.length - 1) await hand.click(adding.getByLabel(/add another/i));
      await hand.click(adding.getByRole('button', { name: 'Confirm' }));
    }
    await adding.waitFor({ state: 'detached' });
    for (const title of TASKS) await creating.getByText(title).waitFor();
    await photograph(page, 'C5-three-tasks');
  });

  step('C6 confirm: the case page', async ({ page, hand }) => {
    const creating = drawer(page, 'Create case');
    await hand.click(creating.getByRole('button', { name: 'Confirm', exact: true }));
    await creating.waitFor({ state: 'detached' });
    await page.waitForURL('**/cases/1');
    await page.getByRole('main').getByText('#1', { exact: true }).waitFor();
    await page.getByRole('heading', { name: `#1 ${CASE.title}` }).waitFor();
    for (const name of ['General', 'Tasks (3)']) await tab(page, name).waitFor();
    const more = page.getByRole('main').getByRole('button', { name: 'More', exact: true });
    await more.click();
    await page.getByRole('menuitem', { name: 'History' }).waitFor();
    await page.keyboard.press('Escape');
    const facts = page.getByRole('region', { name: 'Details' });
    for (const level of ['SEVERITY:MEDIUM', 'TLP:AMBER', 'PAP:AMBER']) await facts.getByText(level).waitFor();
    for (const label of ['Created by', 'Owner', 'Assignee', 'Status', 'Start date', 'Tasks completion']) {
      await facts.getByText(label, { exact: true }).waitFor();
    }
    await facts.getByText('Default admin user').first().waitFor();
    await facts.getByRole('button', { name: /^Edit Assignee:.*Default admin user/ }).waitFor();
    await facts.getByRole('button', { name: /^Edit Status:.*New/ }).waitFor();
    await facts.getByText(ORGANISATION.name).waitFor();
    await page.getByRole('region', { name: 'Comments' }).waitFor();
    for (const tag of CASE.tags) await page.getByRole('main').getByText(tag, { exact: true }).waitFor();
    await photograph(page, 'C6-case');
  });
}
