/** The mission: a newcomer walks the whole lab, A1 to D11, click by click. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { stage, walk } from './harness/scene.js';
import { partCreate } from './lab/create-case.js';
import { endState } from './lab/end-state.js';
import { partHandOver } from './lab/hand-over.js';
import { partB } from './lab/provision.js';
import { partA } from './lab/start.js';
import { partD } from './lab/work-and-close.js';

/** The clicks of B1 to D11, choosing in a select counted as two. It may shrink and must not grow. */
const CLICKS_MAX = 82;

describe('the lab', () => {
  const on = stage();
  const step = walk(on);

  partA(on);
  partB(step);
  partCreate(step);
  partHandOver(step, on);
  partD(step);
  step('B1 to D11 take no more clicks than they did', ({ hand }, t) => {
    t.diagnostic(`${hand.clicks} clicks`);
    assert.ok(hand.clicks <= CLICKS_MAX, `${hand.clicks} clicks, not more than ${CLICKS_MAX}`);
  });
  endState(step, on);
});
