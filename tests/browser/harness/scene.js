/**
 * The stage of a suite (call it within `describe`): the program and Chromium, started
 * once and ended with it. A `scene` is one test in a private window of its own, a
 * `meeting` one with several people at once; the steps of a `walk` share a window.
 */
import { after, before, test } from 'node:test';
import { launch, Visit } from './browser.js';
import { Entrance } from './entrance.js';
import { photographFailure } from './pictures.js';
import { Program } from './program.js';

export function stage({ layOut } = {}) {
  const self = {};
  before(async () => {
    self.program = await Program.start();
    self.url = self.program.url;
    self.laidOut = await layOut?.(self.url);
    self.browser = await launch();
    self.entrance = new Entrance(self.url);
  });
  after(async () => {
    await self.browser?.close();
    await self.program?.stop();
  });
  self.visit = (options) => Visit.open(self.browser, self.url, options);
  return self;
}

/**
 * One test with a visit. `as` is somebody who is signed in already, and `in` the
 * organisation they are in when it is not their default one.
 */
export function scene(on, title, options, play) {
  meeting(on, title, [options], play);
}

/** One test with several visits; `play` gets them in the order of the people. */
export function meeting(on, title, people, play) {
  test(title, async (t) => {
    const visits = [];
    try {
      for (const options of people) visits.push(await arrive(on, options));
      await played(visits, t, () => play(...visits, t));
    } finally {
      await Promise.all(visits.map((visit) => visit.close()));
    }
  });
}

async function arrive(on, { as, in: organisation, ...options }) {
  if (!as) return on.visit(options);
  const storageState = await on.entrance.storageOf(as, organisation);
  const visit = await on.visit({ ...options, storageState });
  await visit.page.goto('/');
  await visit.page.getByTestId('user-menu').waitFor();
  return visit;
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
        await played([visit], t, () => play(visit, t));
      } catch (reason) {
        broken = title;
        throw reason;
      }
    });
}

async function played(visits, t, play) {
  try {
    await play();
    for (const { watch } of visits) watch.check();
  } catch (reason) {
    for (const [index, { page }] of visits.entries()) {
      const name = visits.length === 1 ? t.name : `${t.name} ${index + 1}`;
      const path = await photographFailure(page, name).catch(() => 'no picture');
      t.diagnostic(`failed at ${page.url()}: ${path}`);
    }
    throw reason;
  }
}
