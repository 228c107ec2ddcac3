/** Everything without a mouse: the main path by keys, and where the focus is meanwhile. */
import { describe } from 'node:test';
import { provision } from './harness/lab.js';
import { stage, walk } from './harness/scene.js';
import { drafts } from './keyboard/drafts.js';
import { focusInDrawers } from './keyboard/focus-in-drawers.js';
import { mainPath } from './keyboard/main-path.js';

describe('the keyboard', () => {
  const on = stage({ layOut: provision });

  mainPath(walk(on), on);
  focusInDrawers(on);
  drafts(on);
});
