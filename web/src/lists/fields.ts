/** The fields of a list's filters: the definition's, completed by what the server describes. */
import type { EntityDescription } from '../api/types';
import type { Option } from '../ui/options';
import { OPERATOR_LABELS, operatorsFor, type Condition, type Operator } from './conditions';
import type { Attribute, FilterField } from './definition';

/** An attribute with the words and choices a person sees. */
export interface Field extends Attribute {
  label: string;
  options: () => Option[];
  operators: readonly Operator[];
}

const CUSTOM = 'customFields.';

/** Definition first, in its order; custom fields, which only the server knows, after. */
export function mergeFields(
  defined: readonly FilterField[],
  description: EntityDescription | undefined,
  people: () => Option[],
): Field[] {
  const described = description?.attributes ?? [];
  const known = defined.map((field) => {
    const attribute = described.find(({ name }) => name === field.name);
    const merged: Attribute = { cardinality: 'single', ...attribute, ...field };
    return complete(merged, field.label, field.options ?? choices(merged, people), field.operators);
  });
  const custom = described
    .filter(({ name }) => name.startsWith(CUSTOM))
    .map((attribute) => complete(attribute, attribute.name.slice(CUSTOM.length), choices(attribute, people)));
  return [...known, ...custom];
}

const complete = (
  attribute: Attribute,
  label: string,
  options: () => Option[],
  operators: readonly Operator[] = operatorsFor(attribute),
): Field => ({ ...attribute, label, options, operators });

function choices(attribute: Attribute, people: () => Option[]): () => Option[] {
  if (attribute.type === 'user') return people;
  const options = (attribute.values ?? []).map((value, index) => ({
    value: String(value),
    label: words(attribute.labels?.[index] ?? String(value)),
  }));
  return () => options;
}

/** `TruePositive` and `in progress` as a person writes them: "True Positive", "In progress". */
export function words(text: string): string {
  const spaced = text.replace(/([a-z])([A-Z])/g, '$1 $2');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** "Assignee, any of: Analyst". */
export function describe(
  condition: Condition,
  fields: readonly Field[],
  date: (at: number) => string,
): string {
  const field = fields.find(({ name }) => name === condition.field);
  const label = field?.label ?? condition.field;
  const operator = OPERATOR_LABELS[condition.operator];
  if (condition.values.length === 0) return `${label} ${operator}`;
  const options = field?.options() ?? [];
  const isMoment = field?.type === 'date' && !['last', 'next'].includes(condition.operator);
  const named = condition.values.map((value) => {
    if (isMoment) return date(Number(value));
    return options.find((option) => option.value === value)?.label ?? value;
  });
  return `${label}, ${operator}: ${named.join(condition.operator === 'between' ? ' and ' : ', ')}`;
}
