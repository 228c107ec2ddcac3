/** Fifty alerts get their verdict without a mouse. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { ANALYST, provision } from './harness/lab.js';
import { eventually } from './harness/eventually.js';
import { scene, stage } from './harness/scene.js';

const COUNT = 50;
/** As many of them say the same. */
const ALIKE = 20;

async function layOut(url) {
  const lab = await provision(url);
  for (let index = 0; index < COUNT; index += 1) {
    const alike = index < ALIKE;
    await lab.analyst.post('/api/v1/alert', {
      type: 'siem',
      source: 'sensor',
      sourceRef: String(index),
      title: alike ? 'Login from an unusual country' : `Odd thing ${String(index)}`,
      description: 'What the sensor saw',
      severity: alike ? 4 : 2,
    });
  }
  return lab;
}

describe('triage', () => {
  const on = stage({ layOut });

  scene(on, 'fifty alerts are judged by keys alone', { as: ANALYST }, async ({ page }) => {
    const press = async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const left = (count) =>
      page.getByRole('heading', { name: `Waiting (${String(count)})`, exact: true }).waitFor();
    const answered = () =>
      page.waitForResponse((response) => response.url().includes('/api/v1/alert') && response.ok());

    await press('g', 'a');
    await page.locator('tbody').getByRole('row').nth(1).waitFor();
    await press('Shift+T');
    await left(COUNT);

    // The first one and all that say the same, at once; and back, and again.
    await page.getByText(`All like this: ${String(ALIKE - 1)} more`, { exact: false }).waitFor();
    await press('x');
    let answer = answered();
    await press('1');
    await answer;
    await left(COUNT - ALIKE);
    answer = answered();
    await press('u');
    await answer;
    await left(COUNT);
    await page.getByText(`All like this: ${String(ALIKE - 1)} more`, { exact: false }).waitFor();
    await press('x');
    answer = answered();
    await press('1');
    await answer;
    await left(COUNT - ALIKE);

    // One becomes a case, one is started, the others are judged one by one.
    await press('j', 'k');
    let waiting = COUNT - ALIKE;
    for (const key of ['p', 's']) {
      answer = page.waitForResponse((response) => response.url().includes('/alert') && response.ok());
      await press(key);
      await answer;
      waiting -= 1;
      await left(waiting);
    }
    while (waiting > 0) {
      answer = answered();
      await press(String((waiting % 3) + 1));
      await answer;
      waiting -= 1;
      if (waiting > 0) await left(waiting);
    }
    await page.getByText('Nothing waits').waitFor();
    await eventually(async () => {
      const [unread] = [await on.laidOut.analyst.query({ _name: 'countUnreadAlert' })];
      assert.equal(unread, 0);
    });
    assert.equal(await on.laidOut.analyst.query({ _name: 'countImportedAlert' }), 1);
    assert.equal(
      await on.laidOut.analyst.query(
        { _name: 'listAlert' },
        { _name: 'filter', stage: 'Closed' },
        { _name: 'count' },
      ),
      COUNT - 2,
    );
  });
});
