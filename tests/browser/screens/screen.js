/**
 * A screen that is looked at (by a camera, by axe): who sees it, where it is, and what
 * is done there until it is on. `ready` is a text or a locator that shows that it is.
 */
export function screen(name, { as = 'analyst', at, ready, act, quiet }) {
  return {
    name,
    as,
    /** Problems that the browser notes on this screen and that belong to it. */
    quiet,
    async open(page) {
      if (at !== undefined) await page.goto(at);
      await act?.(page);
      if (ready !== undefined) await sign(page, ready).waitFor();
      await settled(page);
    },
  };
}

function sign(page, ready) {
  const found = typeof ready === 'function' ? ready(page) : page.getByText(ready);
  return found.filter({ visible: true }).first();
}

/** Nothing is being read, no picture or font is missing, and what came is painted. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const busy = document.querySelector('[aria-busy="true"]');
    const pictures = [...document.images].every((image) => image.complete);
    return busy === null && pictures && document.fonts.status === 'loaded';
  });
  await page.evaluate(
    () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
  );
}
