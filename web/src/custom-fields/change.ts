/** Changes of custom fields of what is on screen: each at once, each with a way back, the others left alone. */
import type { CustomFieldValue } from '../api/types';
import { toast } from '../ui/toasts.svelte';
import { definitions } from './definitions.svelte';
import { settable, valuesOf, withValues, type Value } from './values';

/** What to set of the fields, and which to take away. */
export interface FieldChange {
  setCustomFields?: Record<string, unknown>;
  removeCustomFields?: string[];
}

/** A case or an alert on screen. */
export interface FieldHolder {
  readonly customFields: CustomFieldValue[];
  /** What drafts of it are kept under. */
  readonly draft: string;
  readonly changedBy: string | undefined;
  /** Shows the values at once and sends the change; a refusal is thrown and the old values are back. */
  setFields: (shown: CustomFieldValue[], change: FieldChange) => Promise<void>;
}

const label = (name: string): string => definitions.find(name)?.displayName ?? name;

/** Sets the values of a field; none leaves it there, to be filled. */
export async function setField(holder: FieldHolder, name: string, values: Value[]): Promise<void> {
  const before = holder.customFields;
  const change = { [name]: values };
  await holder.setFields(withValues(before, change), { setCustomFields: settable(change) });
  toast(`${label(name)} saved`, { undo: () => restore(holder, name, before) });
}

/** Takes a field away with its values. */
export async function removeField(holder: FieldHolder, name: string): Promise<void> {
  const before = holder.customFields;
  const rest = before.filter((value) => value.name !== name);
  await holder.setFields(rest, { removeCustomFields: [name] });
  toast(`${label(name)} removed`, { undo: () => restore(holder, name, before) });
}

function restore(holder: FieldHolder, name: string, before: CustomFieldValue[]): Promise<void> {
  const wasThere = before.some((value) => value.name === name);
  return holder.setFields(
    before,
    wasThere
      ? { setCustomFields: settable({ [name]: valuesOf(before, name) }) }
      : { removeCustomFields: [name] },
  );
}
