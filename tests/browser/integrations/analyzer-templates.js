/** Templates come in an archive, are changed and deleted, and each change has a way back. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { zip } from '../harness/zip.js';
import { drawer, field, rowOf, tab, toast } from '../lab/places.js';

const LIST = '/integrations/analyzer-templates';

export function analyzerTemplates(on) {
  const contentOf = (analyzer) =>
    on.laidOut.platform.get(`/api/v1/connector/cortex/analyzer/template/content/${analyzer}`);
  const undo = (page) =>
    page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Undo' }).last();

  scene(on, 'templates are imported, and what is none is told', { as: ADMIN }, async ({ page }) => {
    await page.goto('/integrations');
    await tab(page, 'Analyzer templates').click();
    await page.getByText('No analyzer templates yet').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Import an archive' }).first().click();
    const importing = drawer(page, 'Importing analyzer templates');
    const send = importing.getByRole('button', { name: 'Import', exact: true });
    assert.ok(await send.isDisabled());
    const buffer = zip({ 'Good_1_0/long.html': '<p>good</p>', 'Odd_1_0/long.html': 'no\0text' });
    const archive = { name: 'templates.zip', mimeType: 'application/zip', buffer };
    await importing.locator('input[type=file]').setInputFiles(archive);
    await send.click();
    const outcome = importing.getByRole('alert');
    await outcome.getByText('1 analyzer template imported').waitFor();
    await outcome.getByText('Odd_1_0').waitFor();
    await importing.getByRole('button', { name: 'Cancel' }).click();
    await rowOf(page, 'Good_1_0').waitFor();
    assert.equal(await contentOf('Good_1_0'), '<p>good</p>');
  });

  scene(on, 'what is no archive is refused in the drawer', { as: ADMIN }, async ({ page, watch }) => {
    watch.expect(/status of 400/);
    await page.goto(`${LIST}?drawer=import`);
    const importing = drawer(page, 'Importing analyzer templates');
    const file = { name: 'templates.zip', mimeType: 'application/zip', buffer: Buffer.from('none') };
    await importing.locator('input[type=file]').setInputFiles(file);
    await importing.getByRole('button', { name: 'Import', exact: true }).click();
    await importing.getByRole('alert').getByText('The archive cannot be read').waitFor();
  });

  scene(on, 'a template is added, changed and deleted, and back', { as: ADMIN }, async ({ page }) => {
    await page.goto(LIST);
    await page.getByTestId('list-add').click();
    const adding = drawer(page, 'Adding an analyzer template');
    await field(adding, 'Analyzer').fill('Mine_1_0');
    await field(adding, 'Template').fill('<b>one</b>');
    await adding.getByRole('button', { name: 'Confirm' }).click();
    await toast(page, 'Template of Mine_1_0 added').waitFor();

    await page.getByRole('button', { name: 'Mine_1_0', exact: true }).click();
    const editing = drawer(page, 'Template of Mine_1_0');
    await field(editing, 'Template').fill('<b>two</b>');
    await editing.getByRole('button', { name: 'Save' }).click();
    await toast(page, 'Template of Mine_1_0 saved').waitFor();
    assert.equal(await contentOf('Mine_1_0'), '<b>two</b>');
    await undo(page).click();
    await eventually(async () => assert.equal(await contentOf('Mine_1_0'), '<b>one</b>'));

    await rowOf(page, 'Mine_1_0').hover();
    await page.getByRole('button', { name: 'Delete the template of Mine_1_0' }).click();
    await rowOf(page, 'Mine_1_0').waitFor({ state: 'detached' });
    await undo(page).click();
    await rowOf(page, 'Mine_1_0').waitFor();
    assert.equal(await contentOf('Mine_1_0'), '<b>one</b>');
  });
}
