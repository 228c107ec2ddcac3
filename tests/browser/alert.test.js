/** An alert is written by hand with what was seen, becomes a case that takes all of it along, and comes back. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually } from './harness/eventually.js';
import { ANALYST, provision } from './harness/lab.js';
import { scene, stage } from './harness/scene.js';

const layOut = async (url) => {
  const lab = await provision(url);
  await lab.analyst.post('/api/v1/case', { title: 'There already', description: 'before', tags: ['old'] });
  return lab;
};

describe('what hangs on an alert', () => {
  const on = stage({ layOut });
  const count = (...steps) => on.laidOut.analyst.query(...steps, { _name: 'count' });

  scene(on, 'an alert takes along what was seen, and comes back', { as: ANALYST }, async ({ page }) => {
    const drawer = (name) => page.getByRole('dialog', { name });
    const tab = (name) => page.getByRole('navigation', { name: 'Alert' }).getByRole('link', { name });

    await page.goto('/alerts');
    await page.getByTestId('list-add').click();
    const form = drawer('Create alert');
    await form.getByLabel('Title').fill('A mail that asks for a payment');
    await form.getByRole('textbox', { name: 'Description' }).fill('Reported by Finance.');
    await form.getByLabel('Text to look through').fill('From hxxp://pay[.]example[.]net and 203.0.113.9');
    await form.getByRole('button', { name: 'Find and add' }).click();
    await form.getByText('203[.]0[.]113[.]9').waitFor();
    await form.locator('input[type=file]').setInputFiles({
      name: 'mail.eml',
      mimeType: 'message/rfc822',
      buffer: Buffer.from('Subject: Payment'),
    });
    await form.getByText('mail.eml').waitFor();
    await form.getByRole('button', { name: 'Confirm' }).click();

    // It has them, and takes more.
    await tab(/^Observables.\(2\)/).click();
    await page.getByText('203[.]0[.]113[.]9').waitFor();
    await page.getByTestId('list-add').click();
    const adding = drawer('Adding observables');
    await adding.getByText('One type').click();
    await adding.getByLabel('Values').fill('198.51.100.7');
    await adding.getByRole('button', { name: 'Add 1 observable' }).click();
    await tab(/^Observables.\(3\)/).waitFor();
    await tab(/^Attachments.\(1\)/).click();
    await page.getByText('mail.eml').waitFor();

    // A case made of it has all of it; undone, the alert is new again and the case is in the bin.
    const alert = page.url();
    await page.getByRole('button', { name: 'Make a case' }).click();
    const making = drawer(/^Make a case/);
    await making.getByText('3 observables and 1 file').waitFor();
    await making.getByRole('button', { name: 'Make a case' }).click();
    await page.waitForURL(/\/cases\/2/);
    const made = { _name: 'getCase', idOrName: '2' };
    assert.equal(await count(made, { _name: 'observables' }), 3);
    assert.equal(await count(made, { _name: 'attachments' }), 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForURL((url) => alert.startsWith(url.href));
    await eventually(async () => {
      assert.equal(await count({ _name: 'listCase' }), 1);
      assert.equal(await count({ _name: 'listAlert' }, { _name: 'filter', stage: 'New' }), 1);
    });

    // Merged and taken back, the case says what it said.
    await page.getByRole('button', { name: 'Merge' }).click();
    const merging = drawer(/^Merge/);
    await merging.getByText('3 observables and 1 file').waitFor();
    await merging.getByRole('combobox').fill('There');
    await page.getByRole('option', { name: /There already/ }).click();
    await merging.getByRole('button', { name: 'Merge' }).click();
    await page.getByText(/merged into case #1/).waitFor();
    const read = () => on.laidOut.analyst.get('/api/v1/case/1');
    assert.match((await read()).description, /Merged with alert/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken out again').waitFor();
    const after = await read();
    assert.deepEqual([after.description, after.tags], ['before', ['old']]);
    assert.equal(await count({ _name: 'listAlert' }, { _name: 'filter', stage: 'New' }), 1);
  });
});
