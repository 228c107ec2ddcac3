/** One clock for all relative times on the page, so that they age together. */
const STEP = 20_000;

class Clock {
  now = $state(Date.now());

  constructor() {
    setInterval(() => (this.now = Date.now()), STEP);
  }
}

export const clock = new Clock();
