import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isAllowed } from './spdx.mjs';

const allowed = new Set(['MIT', 'Apache-2.0', 'Unicode-3.0']);
const cases = [
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['mit', false],
  ['GPL-3.0-only OR MIT', true],
  ['MIT/GPL-2.0', true],
  ['MIT AND GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only) AND Unicode-3.0', true],
  ['(MIT OR Apache-2.0) AND OpenSSL', false],
  ['MIT OR Apache-2.0 AND GPL-3.0-only', true],
  ['GPL-3.0-only AND MIT OR BSL-1.0', false],
  ['Apache-2.0 WITH LLVM-exception OR GPL-3.0-only', true],
  ['GPL-2.0-only WITH Classpath-exception-2.0', false],
  ['UNLICENSED', false],
  ['SEE LICENSE IN LICENSE', 'throws'],
  ['(MIT', 'throws'],
  ['MIT OR', 'throws'],
  ['', 'throws'],
];

for (const [expression, expected] of cases) {
  test(`"${expression}" ${expected === true ? 'is allowed' : expected === false ? 'is refused' : 'is not understood'}`, () => {
    if (expected === 'throws') assert.throws(() => isAllowed(expression, allowed));
    else assert.equal(isAllowed(expression, allowed), expected);
  });
}

test('an exception can be allowed by itself', () => {
  assert.equal(isAllowed('GPL-2.0-only WITH Classpath-exception-2.0', new Set(['GPL-2.0-only WITH Classpath-exception-2.0'])), true);
});
