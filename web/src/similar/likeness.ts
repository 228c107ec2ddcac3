/** How much two have in common, and what. Pure. */
import type { Observable } from '../api/types';

/** How much another has in common with the one that is looked at. */
export interface Similarity {
  similarObservableCount: number;
  observableCount: number;
  similarIocCount: number;
  iocCount: number;
  /** How many in common there are of each type. */
  observableTypes: Readonly<Record<string, number>>;
}

/** `3 of its 8 observables are in common, 1 of its 2 IOCs`. */
export function similarityWords(similarity: Similarity): string {
  const { similarObservableCount: count, observableCount, similarIocCount, iocCount } = similarity;
  const observables = `${String(count)} of its ${String(observableCount)} ${observableCount === 1 ? 'observable' : 'observables'} ${count === 1 ? 'is' : 'are'} in common`;
  const iocs = `${String(similarIocCount)} of its ${String(iocCount)} ${iocCount === 1 ? 'IOC' : 'IOCs'}`;
  return iocCount === 0 ? observables : `${observables}, ${iocs}`;
}

/** The types with the most in common first. */
export const typesOf = ({ observableTypes }: Similarity): { type: string; count: number }[] =>
  Object.entries(observableTypes)
    .map(([type, count]) => ({ type, count }))
    .sort((one, other) => other.count - one.count || one.type.localeCompare(other.type));

/** What two have in common, as it is here and as it is there. */
export interface Common {
  here: Observable;
  there: Observable | undefined;
}

/** Same type and value, or the same file. */
const likenessOf = ({ dataType, data, attachment }: Observable): string =>
  JSON.stringify(attachment ? ['file', attachment.id] : [dataType, data]);

/** Puts each with its like there. */
export function pairs(here: readonly Observable[], there: readonly Observable[]): Common[] {
  const like = new Map(there.map((observable) => [likenessOf(observable), observable]));
  return here.map((observable) => ({ here: observable, there: like.get(likenessOf(observable)) }));
}
