/** Whatever is written into whichever field: it is shown as text, and nothing of it acts or breaks a page. */
import { describe } from 'node:test';
import { ADMIN, ANALYST, ORGANISATION } from './harness/lab.js';
import { scene, stage } from './harness/scene.js';
import { assertHarmless } from './hostile/harmless.js';
import { layOut } from './hostile/lay-out.js';
import { TEXTS } from './hostile/texts.js';
import { rowOf } from './lab/places.js';

const MARKS = TEXTS.map(({ mark }) => mark);
/** The drawers are shown with one text of each sort: markup, direction, length. */
const IN_DRAWERS = ['attribute', 'direction', 'unbroken'];
/** Everything of one list on one page. */
const ALL = 'size=100';

describe('hostile text', () => {
  const on = stage({ layOut });

  const visit = (title, as, pages, where) =>
    scene(on, title, { as, in: where }, async ({ page }) => {
      for (const [path, ready] of pages) {
        await page.goto(path);
        await page.getByText(ready).filter({ visible: true }).first().waitFor();
        await assertHarmless(page, MARKS);
      }
    });

  visit('in the lists of the platform', ADMIN, [
    [`/organisations?${ALL}`, MARKS[0]],
    [`/users?${ALL}`, MARKS[0]],
    [`/profiles?${ALL}`, MARKS[0]],
    ['/integrations', MARKS[0]],
    ['/integrations/misp', MARKS[0]],
    [`/integrations/analyzer-templates?${ALL}`, MARKS[0]],
  ]);

  visit('in the lists of an organization', ANALYST, [
    [`/cases?${ALL}`, MARKS[0]],
    [`/tasks?${ALL}`, MARKS[0]],
    ['/cases/bin', MARKS[0]],
    ['/cases?drawer=inbox', MARKS[0]],
    ['/cases?drawer=live-feed', MARKS[0]],
  ]);

  scene(on, 'in the menu of organizations', { as: ADMIN }, async ({ page }) => {
    await page.getByTestId('org-switch').click();
    await page.getByRole('menu').getByText(MARKS[0]).waitFor();
    await assertHarmless(page, MARKS);
  });

  for (const [index, { kind, mark }] of TEXTS.entries()) {
    const subject = () => on.laidOut.subjects[index];

    scene(on, `on the page of a case: ${kind}`, { as: ANALYST }, async ({ page }) => {
      const main = page.getByRole('main');
      await page.goto(`/cases/${subject().number}`);
      await main.getByRole('heading', { name: 'Summary' }).waitFor();
      await page.getByRole('article').getByText(mark).first().waitFor();
      await assertHarmless(page, [mark]);
      await page.goto(`/cases/${subject().number}/history`);
      await main.locator('time').nth(2).waitFor();
      await assertHarmless(page, [mark]);
      await page.goto(`/cases/${subject().number}/tasks`);
      const row = page.locator('tbody').getByRole('row').filter({ hasText: mark }).first();
      await row.hover();
      await row.getByTestId('row-preview').click();
      await page.getByRole('dialog').getByRole('article').getByText(mark).first().waitFor();
      await assertHarmless(page, [mark]);
      await page.goto(`/cases/${subject().number}/tasks/${subject().task}`);
      await main.getByRole('article').getByText(mark).first().waitFor();
      await assertHarmless(page, [mark]);
    });
  }

  for (const [index, { kind, mark }] of TEXTS.entries()) {
    if (!IN_DRAWERS.includes(kind)) continue;
    const subject = () => on.laidOut.subjects[index];

    scene(on, `in drawers, filters and the palette: ${kind}`, { as: ANALYST }, async ({ page }) => {
      await page.goto(`/cases?where=title:contains:${mark}&drawer=preview:${subject().number}`);
      await page.getByRole('dialog').getByRole('heading', { name: 'Summary' }).waitFor();
      await assertHarmless(page, [mark]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill(mark);
      await page.getByRole('option').filter({ hasText: mark }).first().waitFor();
      await assertHarmless(page, [mark]);
    });

    scene(on, `in the drawers of the platform: ${kind}`, { as: ADMIN }, async ({ page }) => {
      for (const path of [`/organisations?${ALL}`, `/users?${ALL}`, `/profiles?${ALL}`]) {
        await page.goto(path);
        const row = rowOf(page, mark).first();
        await row.hover();
        await row.getByTestId('row-preview').click();
        await page.getByRole('dialog').getByText(mark).filter({ visible: true }).first().waitFor();
        await assertHarmless(page, [mark]);
      }
    });

    scene(on, `as the organization one is in: ${kind}`, { as: ADMIN, in: ORGANISATION.name }, async (one) => {
      const { page } = one;
      await one.switchTo(on.laidOut.organisations[index]);
      await page.getByText('No cases yet').waitFor();
      await assertHarmless(page, [mark]);
    });
  }
});
