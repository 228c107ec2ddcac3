/** Servers are added, tried, changed and removed in the same way, whatever speaks at the other end. */
import assert from 'node:assert/strict';
import { startCortex } from '../harness/cortex.js';
import { ADMIN, ORGANISATION } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, field, rail, rowOf, toast } from '../lab/places.js';

const SERVER = '/api/skep/v1/integration/server';
const PROXY = 'http://user:password@proxy.example.org:3128';

export function servers(on) {
  const kept = async (name) => (await on.laidOut.platform.get(SERVER)).find((server) => server.name === name);

  scene(on, 'a Cortex server is tried, added, switched off and removed', { as: ADMIN }, async ({ page }) => {
    const { url, key } = await startCortex();
    await rail(page, 'Integrations').click();
    await page.getByText('No Cortex server yet').waitFor();
    await page.keyboard.press('n');
    const adding = drawer(page, 'Adding a Cortex server');
    await field(adding, 'Name').fill('Analysis');
    await field(adding, 'Address').fill(url);
    await adding.getByLabel(/^Key/).fill('not it');
    const test = adding.getByRole('button', { name: 'Test the connection' });
    await test.click();
    await adding.getByText('Key refused').waitFor();
    await adding.getByLabel(/^Key/).fill(key);
    await test.click();
    await adding.getByText('Cortex 3.1.8-1').waitFor();
    await adding.getByRole('checkbox', { name: 'All organizations' }).uncheck();
    await adding.getByText('Choose who may use it').waitFor();
    await adding.getByRole('combobox', { name: 'These organizations' }).fill(ORGANISATION.name.slice(0, 8));
    await page.getByRole('option', { name: ORGANISATION.name }).click();
    await adding.getByRole('button', { name: 'Confirm' }).click();
    await toast(page, 'Cortex server Analysis added').waitFor();

    const row = rowOf(page, 'Analysis');
    await row.getByText('Not tested yet').waitFor();
    await row.getByText(ORGANISATION.name).waitFor();
    await row.getByRole('button', { name: 'Test the connection to Analysis' }).click();
    await row.getByText('Connected').waitFor();

    await row.getByRole('button', { name: 'Edit Analysis' }).click();
    const editing = drawer(page, 'Cortex server Analysis');
    await editing.getByRole('checkbox', { name: 'In use' }).uncheck();
    await editing.getByRole('button', { name: 'Save' }).click();
    await row.getByText('Switched off').waitFor();

    await row.getByRole('button', { name: 'Remove Analysis' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await toast(page, 'Cortex server Analysis removed').waitFor();
    await page.getByText('No Cortex server yet').waitFor();
  });

  scene(on, 'a MISP server is given a proxy, which is taken away again', { as: ADMIN }, async ({ page }) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('misp');
    await page.getByRole('option', { name: 'Go to MISP servers' }).click();
    await page.getByText('No MISP server yet').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Add server' }).first().click();
    const adding = drawer(page, 'Adding a MISP server');
    await field(adding, 'Name').fill('Sharing');
    await field(adding, 'Address').fill('https://misp.example.org');
    await adding.getByLabel(/^Key/).fill('a key');
    await adding.getByLabel('Purpose').selectOption('Export cases only');
    await adding.getByRole('heading', { name: 'Events become alerts' }).waitFor({ state: 'detached' });
    await adding.getByText('Connection', { exact: true }).click();
    await adding.getByLabel('Proxy', { exact: true }).fill(PROXY);
    await adding.getByRole('button', { name: 'Confirm' }).click();
    await rowOf(page, 'Sharing').getByText('Export cases only').waitFor();
    assert.equal((await kept('Sharing')).hasProxy, true);

    await page.getByRole('button', { name: 'Sharing', exact: true }).click();
    const editing = drawer(page, 'MISP server Sharing');
    await editing.getByText('Connection', { exact: true }).click();
    await editing.getByRole('checkbox', { name: 'Use no proxy of its own any more' }).check();
    // What would be tried is not what is to be kept: the key that is kept is only sent by the proxy that is kept.
    assert.ok(await editing.getByRole('button', { name: 'Test the connection' }).isDisabled());
    await editing.getByRole('button', { name: 'Save' }).click();
    await toast(page, 'MISP server Sharing saved').waitFor();
    const { hasProxy, options } = await kept('Sharing');
    assert.deepEqual([hasProxy, options.purpose], [false, 'ExportOnly']);
  });

  scene(on, 'neither key nor proxy is kept in the browser as a draft', { as: ADMIN }, async ({ page }) => {
    await page.goto('/integrations/misp?drawer=new');
    const adding = drawer(page, 'Adding a MISP server');
    await field(adding, 'Name').fill('Not finished');
    await adding.getByLabel(/^Key/).fill('never-to-be-kept');
    await adding.getByText('Connection', { exact: true }).click();
    await adding.getByLabel('Proxy', { exact: true }).fill(PROXY);
    await page.reload();
    await adding.waitFor();
    assert.equal(await field(adding, 'Name').inputValue(), 'Not finished');
    assert.equal(await adding.getByLabel(/^Key/).inputValue(), '');
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.ok(stored.includes('Not finished'));
    assert.ok(!stored.includes('never-to-be-kept') && !stored.includes('password@proxy'), stored);
  });
}
