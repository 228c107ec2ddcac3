/** Several people at work: what one does, the others see at once, and nobody is offered what would be refused. */
import { describe } from 'node:test';
import { provision } from './harness/lab.js';
import { stage } from './harness/scene.js';
import { bin } from './live/bin.js';
import { bulk } from './live/bulk.js';
import { inbox } from './live/inbox.js';
import { liveLists } from './live/lists-and-feed.js';
import { merge } from './live/merge.js';
import { reader } from './live/reader.js';

describe('live', () => {
  const on = stage({ layOut: provision });

  inbox(on);
  liveLists(on);
  bulk(on);
  bin(on);
  merge(on);
  reader(on);
});
