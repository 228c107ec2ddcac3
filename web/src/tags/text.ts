/** Tags as entities carry them. Pure. */
import type { Tag } from '../api/types';

/** The text of a tag: a free one is its predicate, one of a taxonomy has its parts. */
export function tagText({
  namespace,
  predicate,
  value,
}: Pick<Tag, 'namespace' | 'predicate' | 'value'>): string {
  if (namespace.startsWith('_freetags_')) return predicate;
  return value === undefined ? `${namespace}:${predicate}` : `${namespace}:${predicate}="${value}"`;
}
