/** Short ways to write what lists are filtered by. */
import type { Condition } from './conditions';
import type { FilterField, QuickFilter } from './definition';

/** A field whose numbers have words. */
export const scale = (
  name: string,
  label: string,
  levels: readonly { value: number; label: string }[],
): FilterField => ({
  name,
  label,
  type: 'enumeration',
  values: levels.map(({ value }) => value),
  options: () => levels.map((level) => ({ value: String(level.value), label: level.label })),
});

export const any = (field: string, ...values: string[]): Condition => ({ field, operator: 'any', values });

export const yes = (field: string): Condition => ({ field, operator: 'yes', values: [] });

/** All of these hold; they are asked for when the filter is chosen, e.g. who I am. */
export const quick = (label: string, ...conditions: (() => Condition)[]): QuickFilter => ({
  label,
  conditions: () => [conditions.map((condition) => condition())],
});
