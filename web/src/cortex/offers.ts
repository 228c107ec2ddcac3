/** Which analyzers can look at which of several observables. Pure. */
import type { Observable, Worker } from '../api/types';

export interface Offer {
  worker: Worker;
  /** Those of the observables that it can look at. */
  rows: Observable[];
}

/** `lists` are the analyzers for each of `types`; one for several types is offered once. */
export function offersOf(
  rows: readonly Observable[],
  types: readonly string[],
  lists: readonly (readonly Worker[])[],
): Offer[] {
  const found = new Map<string, Offer>();
  lists.forEach((workers, index) => {
    const fitting = rows.filter(({ dataType }) => dataType === types[index]);
    for (const worker of workers) {
      const known = found.get(worker.id);
      if (known) known.rows.push(...fitting);
      else found.set(worker.id, { worker, rows: [...fitting] });
    }
  });
  return [...found.values()].sort((one, other) => one.worker.name.localeCompare(other.worker.name));
}
