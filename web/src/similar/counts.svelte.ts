/** How many cases and alerts are similar to one, for its tabs: read beside it and followed live. */
import { Query } from '../api/query';
import type { Owner } from '../observables/changes';
import { followSimilar } from './follow';
import type { Side } from './read';
import { countedWords, countWords } from './words';

/** How many there are, as far as `countWords` says it. */
export function countSimilar({ kind, _id }: Owner, side: Side): Promise<number> {
  return Query.get(kind === 'case' ? 'getCase' : 'getAlert', _id)
    .then(side === 'cases' ? 'similarCaseLightCount' : 'similarAlertLightCount')
    .value();
}

export class SimilarCounts {
  private counts = $state.raw<Partial<Record<Side, number>>>({});

  constructor(private readonly of: Owner) {}

  /** In words; undefined while it is not known. */
  words(side: Side): string | undefined {
    const count = this.counts[side];
    return count === undefined ? undefined : countWords(count);
  }

  /** With what they are: `1 case`. */
  counted(side: Side): string {
    return countedWords(this.counts[side] ?? 0, side);
  }

  get none(): boolean {
    return !this.counts.cases && !this.counts.alerts;
  }

  async load(): Promise<void> {
    try {
      const [cases, alerts] = await Promise.all([
        countSimilar(this.of, 'cases'),
        countSimilar(this.of, 'alerts'),
      ]);
      this.counts = { cases, alerts };
    } catch {
      // The tabs are there without their numbers, and say themselves what is wrong.
    }
  }

  /** Follows the live feed; returns how to stop. */
  follow(): () => void {
    return followSimilar(() => void this.load());
  }
}
