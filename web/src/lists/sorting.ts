/** One sort field at a time, as in the URL (`severity`, `-severity`) and in the header's cycle. */
import type { Direction } from '../api/query';

export interface Sort {
  field: string;
  direction: Direction;
}

export function encodeSort(sort: Sort | undefined): string {
  if (!sort) return 'none';
  return sort.direction === 'desc' ? `-${sort.field}` : sort.field;
}

/** `none` is a choice (no order); undefined means that nothing was chosen. */
export function decodeSort(text: string | null): Sort | 'none' | undefined {
  if (!text) return undefined;
  if (text === 'none') return 'none';
  return text.startsWith('-')
    ? { field: text.slice(1), direction: 'desc' }
    : { field: text, direction: 'asc' };
}

/** A click on a header: ascending, descending, none; another field starts ascending. */
export function nextSort(current: Sort | undefined, field: string): Sort | undefined {
  if (current?.field !== field) return { field, direction: 'asc' };
  return current.direction === 'asc' ? { field, direction: 'desc' } : undefined;
}
