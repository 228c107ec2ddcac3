/** What must hold of any page, whatever people wrote into it. */
import assert from 'node:assert/strict';
import { settled } from '../screens/screen.js';

export async function assertHarmless(page, marks) {
  await settled(page);
  const seen = await page.evaluate(look);
  assert.equal(seen.owned, undefined, 'a script ran');
  assert.deepEqual(seen.acting, [], 'elements that act');
  assert.deepEqual(seen.wide, [], 'what scrolls sideways, or lengthens the page');
  const missing = marks.filter((mark) => !seen.text.includes(mark));
  assert.deepEqual(missing, [], 'texts that do not show as text');
}

/** Runs in the page. */
function look() {
  const elements = [...document.querySelectorAll('*')];
  const handlers = (element) => element.getAttributeNames().filter((name) => name.startsWith('on'));
  const outside = (address) =>
    address !== undefined && address !== '' && new URL(address, location).origin !== location.origin;
  const acts = (element) =>
    handlers(element).length > 0 ||
    ['IFRAME', 'OBJECT', 'EMBED'].includes(element.tagName) ||
    (element.tagName === 'A' && /^(javascript|data):/i.test(element.getAttribute('href') ?? '')) ||
    (element.tagName === 'IMG' && !element.src.startsWith('blob:') && outside(element.src)) ||
    (element.tagName === 'SCRIPT' && (element.src === '' || outside(element.src)));
  const scrolls = (element) => {
    const { overflowX } = getComputedStyle(element);
    const may = ['auto', 'scroll'].includes(overflowX) && !['PRE', 'TEXTAREA'].includes(element.tagName);
    return may && element.scrollWidth > element.clientWidth + 1;
  };
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className}`;
  const page = document.documentElement;
  const pageScrolls = page.scrollWidth > innerWidth || page.scrollHeight > innerHeight;
  return {
    owned: window.owned,
    acting: elements.filter(acts).map((element) => element.outerHTML.slice(0, 200)),
    wide: [...elements.filter(scrolls).map(name), ...(pageScrolls ? ['the page'] : [])],
    text: document.body.innerText,
  };
}
