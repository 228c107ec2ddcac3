/** What is brought in from files: sent as it is chosen, and what of it could not be read is told. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { ADMIN, provision } from './harness/lab.js';
import { scene, stage } from './harness/scene.js';
import { zip } from './harness/zip.js';
import { drawer, field, rowOf, toast } from './lab/places.js';

const taxonomy = (namespace) =>
  JSON.stringify({ namespace, description: 'Ours', version: 1, predicates: [{ value: 'seen' }] });
const pattern = (id, name) => ({
  type: 'attack-pattern',
  id: `attack-pattern--00000000-0000-4000-8000-00000000${id}`,
  name,
  external_references: [{ source_name: 'mitre-attack', external_id: `T${id}`, url: 'https://example.org' }],
});

describe('imports', () => {
  const on = stage({ layOut: provision });

  const choose = async (within, name, content) => {
    const mimeType = name.endsWith('.zip') ? 'application/zip' : 'application/json';
    await within.locator('input[type=file]').setInputFiles({ name, mimeType, buffer: Buffer.from(content) });
    await within.getByText(`${name}, `).waitFor();
  };
  const send = (within) => within.getByRole('button', { name: 'Import', exact: true });

  scene(
    on,
    'a taxonomy comes from a file, from its text, from an archive',
    { as: ADMIN },
    async ({ page }) => {
      await page.goto('/taxonomies?drawer=new');
      const importing = drawer(page, 'Importing taxonomies');
      assert.ok(await send(importing).isDisabled());
      await choose(importing, 'machinetag.json', taxonomy('from-file'));
      await field(importing, 'Or its text').waitFor({ state: 'detached' });
      await send(importing).click();
      await toast(page, 'Taxonomy from-file imported with 1 tag').waitFor();
      await importing.waitFor({ state: 'detached' });

      await page.getByTestId('list-add').click();
      await field(importing, 'Or its text').fill('{');
      await send(importing).click();
      await importing.getByRole('alert').getByText('This is no JSON.').waitFor();
      await field(importing, 'Or its text').fill(taxonomy('from-text'));
      await send(importing).click();
      await importing.waitFor({ state: 'detached' });

      await page.getByTestId('list-add').click();
      const files = { 'one/machinetag.json': taxonomy('from-archive'), 'two/machinetag.json': 'none' };
      await choose(importing, 'taxonomies.zip', zip(files));
      await send(importing).click();
      await importing.getByRole('alert').getByText('two/machinetag.json').waitFor();
      // The report says it all; it is not said beside it once more.
      assert.equal(await toast(page, '1 taxonomy imported').count(), 0);
      await importing.getByRole('button', { name: 'Cancel' }).click();
      await page.goto('/taxonomies?where=namespace:contains:from-');
      for (const namespace of ['from-file', 'from-text', 'from-archive'])
        await rowOf(page, namespace).waitFor();
    },
  );

  scene(on, 'attack patterns come into a catalog of their own', { as: ADMIN }, async ({ page, watch }) => {
    watch.expect(/status of 400/);
    await page.goto('/attack-patterns?drawer=import');
    const importing = drawer(page, 'Importing attack patterns');
    await choose(importing, 'bundle.json', '{}');
    await importing.getByText('Catalog is required').waitFor();
    await field(importing, 'Catalog').fill('House');
    await send(importing).click();
    await importing.getByRole('alert').waitFor();
    const objects = [pattern('9001', 'Whistling')];
    const bundle = { type: 'bundle', id: 'bundle--00000000-0000-4000-8000-000000000000', objects };
    await choose(importing, 'better.json', JSON.stringify(bundle));
    assert.equal(await importing.getByRole('alert').count(), 0);
    await send(importing).click();
    await toast(page, '1 attack pattern is in House').waitFor();
    await page.getByRole('list', { name: 'Catalogs' }).getByText('House').waitFor();
  });
});
