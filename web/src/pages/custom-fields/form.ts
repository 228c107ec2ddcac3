/** What the form of a custom field holds, and what of it goes to the server. Pure. */
import type { CustomField, CustomFieldInput, CustomFieldType } from '../../api/types';
import { optionsOf } from '../../custom-fields/values';

export interface FieldValues {
  displayName: string;
  name: string;
  group: string;
  description: string;
  type: CustomFieldType;
  mandatory: boolean;
  /** One on a line. */
  options: string;
}

export const newField = (): FieldValues => ({
  displayName: '',
  name: '',
  group: 'default',
  description: '',
  type: 'string',
  mandatory: false,
  options: '',
});

export const valuesOf = (field: CustomField): FieldValues => ({
  displayName: field.displayName,
  name: field.name,
  group: field.group,
  description: field.description,
  type: field.type,
  mandatory: field.mandatory,
  options: field.options.map(String).join('\n'),
});

/** The name that programs use, made of the one for people: `Business unit` becomes `business-unit`. */
export function nameFrom(displayName: string): string {
  return displayName
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[̀-ͯ]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
}

/** Values may be limited where they are typed; a yes or no and a date are chosen anyway. */
export const hasOptions = (type: CustomFieldType): boolean => type !== 'boolean' && type !== 'date';

/** Why the form cannot be confirmed yet, if so. */
export function missingIn({ displayName, name, group, type, options }: FieldValues): string | undefined {
  if (displayName.trim() === '') return 'Display name is required';
  if (name.trim() === '') return 'Technical name is required';
  if (group.trim() === '') return 'Group is required';
  if (hasOptions(type) && optionsOf(options, type) === undefined) return 'An option does not suit the type';
  return undefined;
}

/** The body that creates the field, or changes everything of it but its name. */
export function inputOf(values: FieldValues): CustomFieldInput {
  const { type, options, ...rest } = values;
  return {
    ...rest,
    displayName: rest.displayName.trim(),
    name: rest.name.trim(),
    group: rest.group.trim(),
    type,
    options: hasOptions(type) ? (optionsOf(options, type) ?? []) : [],
  };
}
