/** Part A: the program starts, says where it is, and answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Program } from '../harness/program.js';

/** After the line that names the address, so long may the first answer take. */
const FIRST_ANSWER_MAX = 1_000;

export function partA(on) {
  test('A1 the program says what it is, where its data and its door are, and who may come in', () => {
    const { output, folder, url } = on.program;
    assert.match(output, /^Skep \d+\.\d+\.\d+/m, 'name and version');
    assert.ok(output.includes(folder), 'where the data is');
    assert.ok(output.includes(url), 'the address');
    assert.match(output, /admin@thehive\.local \/ secret/, 'the default login');
    assert.match(output, /change it/i, 'the hint to change it');
  });

  test('A1 a taken port is said in a sentence, and the program ends with an error', async () => {
    const { port } = on.program;
    const second = await Program.launch({ port });
    const { code } = await second.ended;
    assert.notEqual(code, 0);
    const said = second.log
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('skep: '));
    assert.equal(said.length, 1, second.log);
    assert.match(said[0], new RegExp(`Port ${port} is taken by \\S+ \\(process \\d+\\)`));
    assert.match(said[0], /--listen/, 'what to do about it');
    assert.equal(second.output, '', 'nothing that looks like a start');
  });

  test('A2 it answers within a second of the printed line', async () => {
    const program = await Program.start();
    try {
      const response = await fetch(program.url);
      const time = performance.now() - program.readyAt;
      assert.equal(response.status, 200);
      assert.ok(time < FIRST_ANSWER_MAX, `the first answer took ${Math.round(time)} ms`);
    } finally {
      await program.stop();
    }
  });
}
