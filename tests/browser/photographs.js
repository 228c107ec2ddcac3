/**
 * `npm run photographs [-- NAME…]`: every screen, or those whose name begins so, in both
 * themes and two sizes, into screenshots/. Nothing is checked: it is for eyes.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { age } from './believable/age.js';
import { layOut } from './believable/all.js';
import { launch, Visit } from './harness/browser.js';
import { Program } from './harness/program.js';
import { screens, VIEWERS } from './screens/all.js';

const FOLDER = new URL('screenshots/', import.meta.url).pathname;
const THEMES = ['light', 'dark'];
const SIZES = [
  [1280, 720],
  [1920, 1080],
];

const asked = process.argv.slice(2);
const wanted = screens.filter(
  ({ name }) => asked.length === 0 || asked.some((start) => name.startsWith(start)),
);

await mkdir(FOLDER, { recursive: true });
const program = await Program.start();
// With the scroll bars that people have.
const browser = await launch({ ignoreDefaultArgs: ['--hide-scrollbars'] });
let failures = 0;
try {
  await layOut(program.url, browser);
  for (const as of new Set(wanted.map((screen) => screen.as))) {
    for (const size of SIZES) await photographAll(as, size);
  }
  await photographDown();
} finally {
  await browser.close();
  await program.stop().catch(() => undefined);
}
process.exitCode = failures === 0 ? 0 : 1;

async function photographAll(as, size) {
  const visit = await Visit.open(browser, program.url, { size });
  await age(visit.context);
  if (VIEWERS[as]) await visit.signIn(VIEWERS[as]);
  for (const screen of wanted.filter((one) => one.as === as)) {
    try {
      await screen.open(visit.page);
      await photograph(visit.page, screen.name, size);
    } catch (reason) {
      failures += 1;
      await photograph(visit.page, `failed-${screen.name}`, size);
      console.error(`${screen.name} at ${size.join(' × ')}: ${reason.message.split('\n')[0]}`);
    }
  }
  await visit.close();
}

async function photograph(page, name, [width]) {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: THEMES[0] });
}

/** The last one: what a page says when the server has gone, and what a start without one says. */
async function photographDown() {
  if (asked.length > 0 && !asked.includes('down')) return;
  const visit = await Visit.open(browser, program.url);
  await visit.signIn(VIEWERS.analyst);
  await visit.page.goto('/cases');
  await visit.page.locator('tbody tr').nth(1).waitFor();
  await visit.context.setOffline(true);
  await visit.page.getByRole('button', { name: 'Read the list again' }).click();
  await visit.page.getByRole('alert').first().waitFor();
  await photograph(visit.page, 'down-list', SIZES[0]);
  await visit.context.setOffline(false);
  await visit.context.route('**/api/**', (route) => route.abort());
  await visit.page.goto('/cases');
  await visit.page.getByText('The server does not answer').waitFor();
  await photograph(visit.page, 'down-start', SIZES[0]);
  await visit.close();
}
