/** Custom fields in a form: one row for each value, in their order. Pure. */
import type { Held, Value } from './values';

export interface FormValue {
  name: string;
  value: Value;
}

/** What an entity has, to be changed in a form. */
export const heldValues = (held: readonly Held[]): FormValue[] =>
  held.map(({ name, value }) => ({ name, value: (value ?? null) as Value }));

/** The list form of the API: it takes the place of all values. */
export const given = (fields: readonly FormValue[]): { name: string; value: Value; order: number }[] =>
  fields.map(({ name, value }, order) => ({ name, value, order }));
