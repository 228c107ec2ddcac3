import { events } from '../api/events.svelte';

/** Whatever happens meanwhile, it is told once: observables come in hundreds. */
const PAUSE = 1_000;

/** Calls `changed` after something happened that can make others similar, or no longer; returns how to stop. */
export function followSimilar(changed: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = events.subscribe({ objectTypes: ['Observable', 'Alert', 'Case'] }, () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed();
    }, PAUSE);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
