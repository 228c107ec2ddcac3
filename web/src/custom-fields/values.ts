/** Values of custom fields: in groups, as text, and as what is typed. Pure. */
import type { CustomField, CustomFieldType, CustomFieldValue } from '../api/types';

/** A value; null for a field that waits to be filled. */
export type Value = string | number | boolean | null;

/** A value as an entity has it. */
export interface Held {
  name: string;
  value?: unknown;
}

/** A field with all the values that an entity has of it. */
export interface Filled {
  field: CustomField;
  values: Value[];
}

export const TYPES: readonly { value: CustomFieldType; label: string }[] = [
  { value: 'string', label: 'String' },
  { value: 'integer', label: 'Integer' },
  { value: 'float', label: 'Float' },
  { value: 'boolean', label: 'Boolean' },
  { value: 'date', label: 'Date' },
  { value: 'url', label: 'URL' },
];

export const typeWords = (type: CustomFieldType): string =>
  TYPES.find(({ value }) => value === type)?.label ?? type;

/** The fields that an entity has, each once, in their order. One whose definition is not known is left out. */
export function filled(held: readonly Held[], find: (name: string) => CustomField | undefined): Filled[] {
  const fields = new Map<string, Filled>();
  for (const { name, value } of held) {
    const field = find(name);
    if (!field) continue;
    const entry = fields.get(name) ?? { field, values: [] };
    if (value !== null && value !== undefined) entry.values.push(value as Value);
    fields.set(name, entry);
  }
  return [...fields.values()];
}

/** By the group of their definitions, groups in the order of the alphabet. */
export function grouped<T>(list: readonly T[], groupOf: (one: T) => string): { group: string; list: T[] }[] {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const group = groupOf(one);
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  return [...groups]
    .map(([group, members]) => ({ group, list: members }))
    .sort((a, b) => a.group.localeCompare(b.group));
}

/** The value in words. */
export function words(value: Value, type: CustomFieldType, date: (at: number) => string): string {
  if (value === null) return '';
  if (type === 'boolean') return value ? 'Yes' : 'No';
  if (type === 'date') return date(Number(value));
  return String(value);
}

/** The value that a typed text is: null for none, undefined for a text that is no value of the type. */
export function parsed(text: string, type: CustomFieldType): Value | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (type === 'integer' || type === 'float') {
    const number = Number(trimmed);
    const fits = type === 'integer' ? Number.isInteger(number) : Number.isFinite(number);
    return fits ? number : undefined;
  }
  return text;
}

/** Options as they are typed, one on a line; undefined when one is no value of the type. */
export function optionsOf(text: string, type: CustomFieldType): Value[] | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const values = lines.filter((line) => line !== '').map((line) => parsed(line, type));
  return values.some((value) => value === undefined) ? undefined : (values as Value[]);
}

/** What an entity has of one field. */
export const valuesOf = (held: readonly Held[], name: string): Value[] =>
  held
    .filter((one) => one.name === name && one.value !== null && one.value !== undefined)
    .map(({ value }) => value as Value);

/** As the API takes them: none is null. */
export const settable = (
  values: Readonly<Record<string, Value | Value[]>>,
): Record<string, Value | Value[]> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) && value.length === 0 ? null : value,
    ]),
  );

/** The values with those of some fields in the place of what they were: what shows until the server has answered. */
export function withValues(
  held: readonly CustomFieldValue[],
  values: Readonly<Record<string, Value | Value[]>>,
): CustomFieldValue[] {
  const next = [...held];
  for (const [name, value] of Object.entries(values)) {
    const given = Array.isArray(value) ? value : [value];
    const known = next.find((one) => one.name === name);
    const at = known ? next.indexOf(known) : next.length;
    const type = known?.type ?? 'string';
    const order = known?.order ?? next.length;
    const added = (given.length > 0 ? given : [null]).map((one) => ({
      _id: `${name}:${String(one ?? '')}`,
      name,
      type,
      value: one,
      order,
    }));
    const rest = next.filter((one) => one.name !== name);
    rest.splice(Math.min(at, rest.length), 0, ...added);
    next.splice(0, next.length, ...rest);
  }
  return next;
}
