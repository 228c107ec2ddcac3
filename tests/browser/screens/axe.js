/** WCAG 2.1 A and AA, as far as axe can see it, on screens in both themes. */
import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { layOut } from '../believable/all.js';
import { photographFailure } from '../harness/pictures.js';
import { stage } from '../harness/scene.js';
import { screens, VIEWERS } from './all.js';
import { settled } from './screen.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
/** An experiment of axe's: it takes the number on an icon of the rail for a part of the link's name. */
const NO_RULES = ['label-content-name-mismatch'];
/** Rows are alike, and axe takes its time with each. */
const LATER_ROWS = 'tbody tr:nth-child(n + 9)';

/** The screens of those who look at them and whom `isMeant` picks. */
export function axeFindsNothing(isMeant) {
  const on = stage();
  before(() => layOut(on.url, on.browser));

  for (const as of new Set(screens.map((screen) => screen.as).filter(isMeant))) {
    describe(`as ${as}`, () => {
      let visit;
      before(async () => {
        visit = await on.visit();
        if (VIEWERS[as]) await visit.signIn(VIEWERS[as]);
      });
      after(() => visit?.close());
      for (const screen of screens.filter((one) => one.as === as)) {
        test(screen.name, (t) => pictured(t, visit, screen));
      }
    });
  }
}

/** A screen that does not come, or is not as it should be, is worth a picture and what the browser noted. */
async function pictured(t, visit, screen) {
  try {
    await look(visit, screen);
  } catch (error) {
    const path = await photographFailure(visit.page, screen.name).catch(() => 'no picture');
    t.diagnostic(`${path}; noted: ${visit.watch.told()}`);
    throw error;
  }
}

async function look({ page, watch }, screen) {
  if (screen.quiet) watch.expect(screen.quiet);
  await screen.open(page);
  const found = await violations(page, (axe) => axe.withTags(RULES).disableRules(NO_RULES));
  // The dark theme has the same elements in other colours.
  await page.emulateMedia({ colorScheme: 'dark' });
  await settled(page);
  found.push(...(await violations(page, (axe) => axe.withRules('color-contrast'))));
  await page.emulateMedia({ colorScheme: 'light' });
  assert.deepEqual(found, []);
  watch.check();
}

async function violations(page, choose) {
  const axe = choose(new AxeBuilder({ page }).exclude(LATER_ROWS));
  const { violations: found } = await axe.analyze();
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const reason = failureSummary.split('\n').slice(1).join(' ').trim();
      return `${id} (${help}) at ${target.join(' ')}: ${reason}`;
    }),
  );
}
