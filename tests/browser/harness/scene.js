/**
 * The stage of a suite (call it within `describe`): the program and Chromium, started
 * once and ended with it. A `scene` is one test in a private window of its own; the
 * steps of a `walk` share one.
 */
import { after, before, test } from 'node:test';
import { launch, Visit } from './browser.js';
import { photographFailure } from './pictures.js';
import { Program } from './program.js';

export function stage({ layOut } = {}) {
  const self = {};
  before(async () => {
    self.program = await Program.start();
    self.url = self.program.url;
    self.laidOut = await layOut?.(self.url);
    self.browser = await launch();
  });
  after(async () => {
    await self.browser?.close();
    await self.program?.stop();
  });
  self.visit = (options) => Visit.open(self.browser, self.url, options);
  return self;
}

/** One test with a visit; `as` signs in first. */
export function scene(on, title, options, play) {
  test(title, async (t) => {
    const visit = await on.visit(options);
    try {
      if (options.as) await visit.signIn(options.as);
      if (options.in) await visit.switchTo(options.in);
      await played(visit, t, () => play(visit, t));
    } finally {
      await visit.close();
    }
  });
}

/** Steps that build on one another: after one failed, those that follow are not tried. */
export function walk(on, options) {
  let visit;
  let broken;
  before(async () => (visit = await on.visit(options)));
  after(() => visit?.close());
  return (title, play) =>
    test(title, async (t) => {
      if (broken !== undefined) return t.skip(`not reached: ${broken} failed`);
      try {
        await played(visit, t, () => play(visit, t));
      } catch (reason) {
        broken = title;
        throw reason;
      }
    });
}

async function played(visit, t, play) {
  try {
    await play();
    visit.watch.check();
  } catch (reason) {
    const path = await photographFailure(visit.page, t.name).catch(() => 'no picture');
    t.diagnostic(`failed at ${visit.page.url()}: ${path}`);
    throw reason;
  }
}
