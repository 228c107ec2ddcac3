/** Repeats a check until it passes, and fails with its last reason: for what comes by the live feed. */
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE = 50;

export async function eventually(check, within = 20_000) {
  const end = performance.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (reason) {
      if (performance.now() > end) throw reason;
      await sleep(PAUSE);
    }
  }
}
