/** What the form of a case holds, and what of it goes to the server. Pure. */
import type { Case, CaseInput, Pap, Severity, Tlp } from '../../../api/types';

export interface CaseValues {
  title: string;
  /** Null while nobody chose one: the moment of creation. */
  startDate: number | null;
  severity: Severity;
  tlp: Tlp;
  pap: Pap;
  tags: string[];
  dueDate: number | null;
  /** Null for nobody. */
  assignee: string | null;
  description: string;
}

/** The fields that show their own refusal. */
export const CASE_FIELDS = [
  'title',
  'startDate',
  'severity',
  'tlp',
  'pap',
  'tags',
  'dueDate',
  'assignee',
  'description',
] as const;

export const newCase = (assignee: string): CaseValues => ({
  title: '',
  startDate: null,
  severity: 2,
  tlp: 2,
  pap: 2,
  tags: [],
  dueDate: null,
  assignee,
  description: '',
});

export const valuesOf = (item: Case): CaseValues => ({
  title: item.title,
  startDate: item.startDate,
  severity: item.severity,
  tlp: item.tlp,
  pap: item.pap,
  tags: [...item.tags],
  dueDate: item.dueDate ?? null,
  assignee: item.assignee ?? null,
  description: item.description,
});

/** Why the form cannot be confirmed yet, if so. */
export function missingIn({ title, description }: CaseValues): string | undefined {
  if (title.trim() === '') return 'Title is required';
  return description.trim() === '' ? 'Description is required' : undefined;
}

/** The body that creates the case: what was left open is left to the server. */
export function creationInput(values: CaseValues): CaseInput {
  const { startDate, dueDate, assignee, ...rest } = values;
  const chosen = Object.entries({ startDate, dueDate, assignee }).filter(([, value]) => value !== null);
  return { ...rest, ...Object.fromEntries(chosen), title: rest.title.trim() };
}

/** Only what differs from before. */
export function changedValues(before: CaseValues, after: CaseValues): Partial<CaseValues> {
  const trimmed = { ...after, title: after.title.trim() };
  const differs = (field: keyof CaseValues) =>
    JSON.stringify(before[field]) !== JSON.stringify(trimmed[field]);
  const changed = (Object.keys(before) as (keyof CaseValues)[]).filter(differs);
  return Object.fromEntries(changed.map((field) => [field, trimmed[field]]));
}
