/** What is similar to the alert in hand: how many there are, and the open case that it may belong to. */
import { countSimilar } from '../../../similar/counts.svelte';
import { followSimilar } from '../../../similar/follow';
import { readMatches, type Match } from '../../../similar/read';

/** Whoever runs through the alerts by holding a key asks nothing on the way. */
const PAUSE = 150;

export class Nearest {
  cases = $state(0);
  alerts = $state(0);
  /** The open case with the most in common. */
  best = $state.raw<Match>();

  private abort: AbortController | undefined;

  /** Looks at this alert from now on; returns how to stop. */
  watch(id: string): () => void {
    this.show([], 0);
    const timer = setTimeout(() => void this.load(id), PAUSE);
    const stop = followSimilar(() => void this.load(id));
    return () => {
      clearTimeout(timer);
      stop();
      this.abort?.abort();
    };
  }

  private async load(_id: string): Promise<void> {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    const of = { kind: 'alert', _id } as const;
    try {
      const [cases, alerts] = await Promise.all([readMatches(of, abort.signal), countSimilar(of, 'alerts')]);
      if (!abort.signal.aborted) this.show(cases, alerts);
    } catch {
      // Without it the alert can still be judged by itself.
      if (!abort.signal.aborted) this.show([], 0);
    }
  }

  private show(cases: readonly Match[], alerts: number): void {
    this.cases = cases.length;
    this.alerts = alerts;
    this.best = cases.find(({ stage }) => stage !== 'Closed');
  }
}
