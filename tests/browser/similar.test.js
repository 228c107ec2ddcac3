/** What has observables in common is found from either side, looked at, and brought together. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually } from './harness/eventually.js';
import { ANALYST, provision } from './harness/lab.js';
import { scene, stage } from './harness/scene.js';
import { openTab } from './lab/places.js';

const SHARED = ['evil.example', 'pay.example'];

async function layOut(url) {
  const lab = await provision(url);
  const { analyst } = lab;
  const makeCase = async (title, values) => {
    const made = await analyst.post('/api/v1/case', { title, description: 'd' });
    for (const data of values) {
      const ioc = data === SHARED[0];
      await analyst.post(`/api/v1/case/${made._id}/observable`, { dataType: 'domain', data, ioc });
    }
    return made;
  };
  const makeAlert = (sourceRef, values) =>
    analyst.post('/api/v1/alert', {
      type: 'siem',
      source: 'sensor',
      sourceRef,
      title: `Seen by the sensor, ${sourceRef}`,
      description: 'd',
      observables: values.map((data) => ({ dataType: 'domain', data })),
    });
  await makeCase('A mail that asks for a payment', [...SHARED, 'one.example']);
  await makeCase('Another one', [SHARED[1]]);
  const alert = await makeAlert('first', [...SHARED, 'two.example']);
  await makeAlert('second', [SHARED[0]]);
  const lonely = await makeAlert('lonely', []);
  return { ...lab, alert, lonely };
}

describe('what is similar', () => {
  const on = stage({ layOut });
  const stageOf = async ({ _id }) => (await on.laidOut.analyst.get(`/api/v1/alert/${_id}`)).stage;
  const row = (page, text) => page.locator('tbody').getByRole('row').filter({ hasText: text });

  scene(on, 'an observable tells where else it was seen', { as: ANALYST }, async ({ page }) => {
    await page.goto('/cases/2/observables');
    const seen = page.locator('tbody').getByRole('img', { name: 'Seen elsewhere: 1 case, 1 alert' });
    await eventually(async () => assert.equal(await seen.count(), 1));
    await page.getByRole('button', { name: 'pay[.]example' }).first().click();
    const drawer = page.getByRole('dialog', { name: 'pay[.]example' });
    await drawer.getByRole('link', { name: '#1 - A mail that asks for a payment' }).waitFor();
    await drawer.getByRole('link', { name: 'Seen by the sensor, first' }).click();
    await page.getByRole('heading', { name: 'Observable details' }).waitFor();
    assert.match(page.url(), new RegExp(`/alerts/${on.laidOut.alert._id}/observables/`));
  });

  scene(on, 'tabs that there is no room for are in a menu', { as: ANALYST }, async ({ page }) => {
    await page.goto('/cases/1');
    const line = page.getByRole('navigation', { name: 'Case' });
    const more = line.getByRole('button', { name: 'More' });
    await more.focus();
    await page.keyboard.press('Enter');
    // The menu takes the focus.
    await page.getByRole('menu', { name: 'More tabs' }).locator(':focus').waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/cases/1/history');
    // The current one is in the line, whatever it takes the place of.
    await line.getByRole('link', { name: 'History' }).waitFor();
    const { height } = await line.boundingBox();
    assert.ok(height < 50, `one line, not ${String(height)} px`);
    await page.setViewportSize({ width: 1920, height: 1080 });
    await line.getByRole('link', { name: 'Timeline' }).waitFor();
    assert.equal(await more.isVisible(), false);
  });

  scene(on, 'an alert finds its case, and goes into it and out again', { as: ANALYST }, async ({ page }) => {
    const { alert } = on.laidOut;
    await page.goto(`/alerts/${alert._id}`);
    await openTab(page, /^Similar cases.\(2\)/);
    const nearest = row(page, '#1 - A mail');
    await nearest.getByText('2 of 3').waitFor();
    await nearest.getByText('1 IOC').waitFor();
    await row(page, '#2 - Another one').getByText('1 of 1').waitFor();

    // What they have in common, with the IOC that it is there and not here.
    await nearest.getByRole('button', { name: /^See all/ }).click();
    const drawer = page.getByRole('dialog', { name: /^In common with #1/ });
    const evil = drawer.getByRole('row').filter({ hasText: 'evil[.]example' });
    await evil.getByText('IOC').waitFor();
    assert.equal(await evil.getByText('IOC').count(), 1);
    assert.equal(await drawer.getByRole('row').count(), 1 + SHARED.length);
    await page.goBack();
    await drawer.waitFor({ state: 'detached' });

    // Filters narrow what is listed.
    await page.getByRole('button', { name: 'Quick filters' }).click();
    await page.getByRole('menuitemradio', { name: 'Closed', exact: true }).click();
    await page.getByText('No similar case matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).last().click();

    await nearest.getByRole('button', { name: 'Merge into #1' }).click();
    await page.getByText(/merged into case #1/).waitFor();
    assert.equal(await stageOf(alert), 'Imported');
    await nearest.getByText('It is in it').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken out again').waitFor();
    await eventually(async () => assert.equal(await stageOf(alert), 'New'));
    await nearest.getByRole('button', { name: 'Merge into #1' }).waitFor();
  });

  scene(on, 'what becomes similar meanwhile shows by itself', { as: ANALYST }, async ({ page }) => {
    const { analyst, lonely } = on.laidOut;
    await page.goto(`/alerts/${lonely._id}/similar-alerts`);
    await page.getByText('has no observables').waitFor();
    const path = `/api/v1/alert/${lonely._id}/observable`;
    await analyst.post(path, { dataType: 'domain', data: SHARED[0] });
    await row(page, 'second').getByText('1 of 1').waitFor();
    await openTab(page, /^Similar alerts.\(2\)/);
    const [added] = await analyst.query(
      { _name: 'getAlert', idOrName: lonely._id },
      { _name: 'observables' },
    );
    await analyst.patch(`/api/v1/observable/${added._id}`, { ignoreSimilarity: true });
    await page.getByText('No similar alert').waitFor();
  });

  scene(
    on,
    'a case leads to cases and alerts like it, and to their merge',
    { as: ANALYST },
    async ({ page }) => {
      await page.goto('/cases/2');
      // The facts say it too, where there is no room for the tab.
      const facts = page.getByRole('region', { name: 'Details' });
      await facts.getByRole('link', { name: '1 case' }).click();
      await row(page, '#1 - A mail').getByRole('button', { name: 'Merge with #1' }).click();
      const merging = page.getByRole('dialog', { name: 'Merge cases' });
      await merging.getByRole('heading', { name: 'The merged case' }).waitFor();
      await merging.getByText('#1 – A mail').waitFor();
      await merging.getByRole('button', { name: 'Close' }).click();
      await openTab(page, /^Similar alerts/);
      await row(page, 'first')
        .getByRole('button', { name: /into this case$/ })
        .click();
      await page.getByText(/merged into case #2/).waitFor();
      await row(page, 'first').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Undo' }).click();
      await row(page, 'first').waitFor();
    },
  );

  scene(on, 'triage merges into the best match by one key', { as: ANALYST }, async ({ page }) => {
    const { alert } = on.laidOut;
    await page.goto('/alerts/triage');
    await page.getByRole('button', { name: /Seen by the sensor, first/ }).click();
    const similar = page.getByRole('group', { name: 'Similar' });
    // What it brought before went out of both cases with it.
    await similar.getByText('2 of 3 in common').waitFor();
    await similar.getByRole('link', { name: '2 cases' }).waitFor();
    await page.keyboard.press('Shift+M');
    await page.getByText(/merged into case #1/).waitFor();
    assert.equal(await stageOf(alert), 'Imported');
    await page.keyboard.press('u');
    await eventually(async () => assert.equal(await stageOf(alert), 'New'));
  });
});
