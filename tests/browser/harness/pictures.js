/** Screenshots: every screen in both themes and two sizes when SKEP_SCREENSHOTS=1, and one of each failure. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = new URL('../screenshots/', import.meta.url).pathname;
const THEMES = ['light', 'dark'];
const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
];
const WANTED = process.env.SKEP_SCREENSHOTS === '1';

/** Takes a screen in every theme and size, and leaves the page as it was. */
export async function photograph(page, name) {
  if (!WANTED) return;
  await mkdir(FOLDER, { recursive: true });
  const before = page.viewportSize();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(120);
      const path = join(FOLDER, `${name}-${colorScheme}-${size.height}.png`);
      await page.screenshot({ path });
    }
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: THEMES[0] });
}

/** What the page looked like when a test failed; gives the file. */
export async function photographFailure(page, title) {
  await mkdir(FOLDER, { recursive: true });
  const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
  const path = join(FOLDER, `failed-${name}.png`);
  await page.screenshot({ path });
  return path;
}
