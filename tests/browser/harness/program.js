/**
 * The real program: started on fresh data and a free port, asked until it answers, and
 * ended like a service manager would end it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = process.env.SKEP_BINARY ?? new URL('../../../target/debug/skep', import.meta.url).pathname;
const START_TIME_MAX = 20_000;
/** What the program promises: it ends within 10 s of the signal. */
const END_TIME_MAX = 10_000;

export class Program {
  /** What was printed for people (standard output), and for the log. */
  output = '';
  log = '';

  constructor(child, { port, folder }) {
    this.child = child;
    this.port = port;
    this.folder = folder;
    this.url = `http://localhost:${port}`;
    child.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
    this.ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  }

  /** Starts it and gives it back once it has said under which address it is found. */
  static async start({ port, folder } = {}) {
    const program = await Program.launch({ port, folder });
    const ready = program.hasPrinted(program.url);
    const failed = program.ended.then(({ code }) => {
      throw new Error(`the program ended with ${code}:\n${program.output}${program.log}`);
    });
    await Promise.race([ready, failed, late(START_TIME_MAX, 'the program is not ready')]);
    program.readyAt = performance.now();
    return program;
  }

  /** Starts it without waiting, e.g. to see it refuse. */
  static async launch({ port, folder } = {}) {
    const place = {
      port: port ?? (await freePort()),
      folder: folder ?? (await mkdtemp(join(tmpdir(), 'skep-browser-'))),
    };
    const { PATH, HOME } = process.env;
    const child = spawn(
      BINARY,
      ['serve', '--listen', `127.0.0.1:${place.port}`, '--data-dir', place.folder],
      // Nothing of the settings of whoever runs the tests.
      { env: { PATH, HOME }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    return new Program(child, place);
  }

  hasPrinted(text) {
    if (this.output.includes(text)) return Promise.resolve();
    return new Promise((resolve) => {
      const look = () => {
        if (!this.output.includes(text)) return;
        this.child.stdout.off('data', look);
        resolve();
      };
      this.child.stdout.on('data', look);
    });
  }

  /** Ends it; `keep` leaves the data for a program that is started on it again. */
  async stop({ keep = false } = {}) {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), END_TIME_MAX);
    const { code, signal } = await this.ended;
    clearTimeout(timer);
    if (!keep) await rm(this.folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the program ended with ${code ?? signal}:\n${this.log}`);
  }
}

/** A port that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function late(time, what) {
  return new Promise((_, refuse) => {
    setTimeout(() => refuse(new Error(`${what} after ${time} ms`)), time).unref();
  });
}
