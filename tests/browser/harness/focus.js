/** Where the keyboard is: that it can be seen, and the way to somewhere by Tab. */
import assert from 'node:assert/strict';
import { eventually } from './eventually.js';

/** More stops than any page has. */
const STOPS_MAX = 120;

/** Waits until the keyboard is at that element. */
export async function focused(target) {
  await target.waitFor();
  await eventually(async () => {
    const here = await target.evaluate((element) => element === document.activeElement);
    assert.ok(here, `${target} has not the focus, but ${await describeFocus(target.page())}`);
  });
}

/** Fails unless a person sees where the keyboard is. */
export async function assertSeen(page) {
  const problem = await page.evaluate(unseenFocus);
  assert.equal(problem, undefined, `${await describeFocus(page)}: ${problem}`);
}

/** Presses Tab until the keyboard is at that element, and sees it at every stop. */
export async function tabTo(target, { key = 'Tab', within } = {}) {
  const page = target.page();
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
    await assertStop(page, within);
  }
  assert.fail(`${target} cannot be reached by ${key}`);
}

/** Goes once around in a dialog; nowhere does the keyboard leave it, or is out of sight. */
export async function goRound(dialog, key) {
  const page = dialog.page();
  await page.keyboard.press(key);
  await assertStop(page, dialog);
  await page.evaluate(() => (window.roundStart = document.activeElement));
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    await page.keyboard.press(key);
    await assertStop(page, dialog);
    if (await page.evaluate(() => document.activeElement === window.roundStart)) return;
  }
  assert.fail(`${key} does not come around in ${dialog}`);
}

/**
 * Wherever the keyboard came to, a person sees it. Between the end and the beginning of a
 * page it is nowhere, and so it is in a dialog; on something behind it, it must never be.
 */
async function assertStop(page, dialog) {
  if (dialog) {
    const inside = await dialog.evaluate(
      (element) => element.contains(document.activeElement) || document.activeElement === document.body,
    );
    assert.ok(inside, `the keyboard left the dialog for ${await describeFocus(page)}`);
  }
  if (await page.evaluate(() => document.activeElement !== document.body)) await assertSeen(page);
}

/** The element with the focus, for people. */
export function describeFocus(page) {
  return page.evaluate(() => {
    const { activeElement: at } = document;
    const name = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '';
    return `<${at.localName}> “${name.trim().replace(/\s+/g, ' ').slice(0, 60)}”`;
  });
}

/** Why the focus cannot be seen, if so. Runs in the page. */
function unseenFocus() {
  const { activeElement: at } = document;
  if (at === document.body) return 'nothing has the focus';
  const rings = (element, part) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element, part);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
  };
  // A checkbox draws its ring on the box beside it, a text area on the frame around it.
  const around = [at, at.nextElementSibling, at.parentElement, at.parentElement?.parentElement];
  const drawn = around.some((element) => element && (rings(element) || rings(element, '::before')));
  if (!drawn) return 'no ring is drawn';
  const { left, right, top, bottom } = at.getBoundingClientRect();
  const box = [left, right, top, bottom].map(Math.round).join(' ');
  const inWindow = bottom > 0 && right > 0 && top < window.innerHeight && left < window.innerWidth;
  return inWindow ? undefined : `it is out of the window: ${box}`;
}
