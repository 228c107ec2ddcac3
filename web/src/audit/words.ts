/** The audit trail in words: what was done, to what, and what a value looks like. Pure. */
import { caseStatusWords } from '../api/case-statuses.svelte';
import type { Audit } from '../api/types';
import { taskStatusOf } from '../tasks/words';
import { PAPS, severityOf, TLPS } from '../ui/levels';
import { impactWords } from '../cases/impact';

export const ACTIONS = [
  { value: 'create', label: 'Created' },
  { value: 'update', label: 'Updated' },
  { value: 'delete', label: 'Deleted' },
  { value: 'merge', label: 'Merged' },
] as const;

export const ENTITIES = [
  { value: 'Case', label: 'Case' },
  { value: 'Task', label: 'Task' },
  { value: 'Log', label: 'Task log' },
  { value: 'Comment', label: 'Comment' },
  { value: 'Procedure', label: 'TTP' },
  { value: 'CustomEvent', label: 'Event' },
  { value: 'Page', label: 'Page' },
  { value: 'Alert', label: 'Alert' },
] as const;

const labelIn = (list: readonly { value: string; label: string }[], value: string): string =>
  list.find((entry) => entry.value === value)?.label ?? value;

export const actionWords = (action: string): string => labelIn(ACTIONS, action);
export const entityWords = (type: string): string => labelIn(ENTITIES, type);

const FIELDS: Record<string, string> = {
  title: 'Title',
  description: 'Description',
  severity: 'Severity',
  tlp: 'TLP',
  pap: 'PAP',
  tags: 'Tags',
  customFields: 'Custom fields',
  setCustomFields: 'Custom fields',
  flag: 'Flag',
  status: 'Status',
  summary: 'Summary',
  impactStatus: 'Impact',
  assignee: 'Assignee',
  startDate: 'Start date',
  endDate: 'End date',
  dueDate: 'Due date',
  group: 'Group',
  patternId: 'Technique',
  tactic: 'Tactic',
  occurDate: 'Occur date',
  date: 'Date',
  content: 'Content',
  category: 'Category',
  order: 'Place in the list',
  mandatory: 'Mandatory',
  message: 'Text',
  external: 'Shown outside',
  includeInTimeline: 'In the timeline',
  actionRequired: 'Action required',
  type: 'Type',
  source: 'Source',
  sourceRef: 'Reference',
  externalLink: 'External link',
  lastSyncDate: 'Last news from its source',
  follow: 'Followed',
  caseId: 'Case',
  taskRule: 'Tasks sharing rule',
  observableRule: 'Observables sharing rule',
  access: 'Seen by',
  owningOrganisation: 'Owned by',
  dataType: 'Type',
  data: 'Value',
  ioc: 'IOC',
  sighted: 'Sighted',
  sightedAt: 'Sighted at',
  ignoreSimilarity: 'Similarity ignored',
  reports: 'Reports',
};

/** The name of a property, as on screen. */
export const fieldWords = (field: string): string => FIELDS[field] ?? field;

export interface Line {
  field: string;
  before: string;
  after: string;
}

export interface Names {
  person: (login: string) => string;
  date: (at: number) => string;
}

/** The changed properties, in words. The stage follows the status and is not said twice. */
export function changesOf(audit: Audit, names: Names): Line[] {
  return audit.changes
    .filter(({ field }) => field !== 'stage')
    .map(({ field, before, after }) => ({
      field: fieldWords(field),
      before: valueWords(audit.objectType, field, before, names),
      after: valueWords(audit.objectType, field, after, names),
    }));
}

interface Told {
  organisation?: string;
  profile?: string;
  number?: number;
  url?: string;
  type?: string;
}

/** What an update did that changed no property. */
const REMARKS: Record<string, (told: Told) => string> = {
  share: ({ organisation, profile }) =>
    `Shared with ${organisation ?? '?'}${profile === undefined ? '' : ` as ${profile}`}`,
  unshare: ({ organisation }) => `No longer shared with ${organisation ?? '?'}`,
  shared: () => 'Shared with more organizations',
  mergedInto: ({ number }) => `Merged into case #${String(number ?? '?')}`,
  unmerged: ({ number }) => `Taken out of case #${String(number ?? '?')}, into which it was merged`,
  linkAdded: (told) => `Link added: ${linkWords(told)}`,
  linkRemoved: (told) => `Link removed: ${linkWords(told)}`,
  restored: () => 'Taken out of the bin',
};

/** What it leads to is an address, or a case that not everybody who reads this may see. */
const linkWords = ({ type, url }: Told): string => `${type ?? '?'} (${url ?? 'another case'})`;

/** Notable things of an update that changed no property. */
export function remark(audit: Audit): string | undefined {
  const known = Object.entries(REMARKS).find(([name]) => name in audit.details);
  return known?.[1]((audit.details[known[0]] ?? {}) as Told);
}

/** Who sees a case. */
function accessWords(value: object, names: Names): string {
  const { _kind: kind, users = [] } = value as { _kind?: string; users?: string[] };
  const people = users.map((login) => (login === '*' ? 'everybody from outside' : names.person(login)));
  if (kind === 'UserAccessKind') return `only ${people.join(', ')}`;
  const outside = kind === 'AllExternalAccessKind' ? ['everybody from outside'] : people;
  return ['all members', ...outside].join(', ');
}

function valueWords(type: string | undefined, field: string, value: unknown, names: Names): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((one) => partWords(one, names)).join(', ');
  if (field === 'access' && typeof value === 'object') return accessWords(value, names);
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  if (field === 'assignee') return names.person(text);
  if (field === 'severity') return severityOf(Number(value)).label;
  if (field === 'tlp') return labelIn(TLPS.map(asChoice), text);
  if (field === 'pap') return labelIn(PAPS.map(asChoice), text);
  if (field === 'impactStatus') return impactWords(text);
  if (field === 'status') return type === 'Task' ? taskStatusOf(text).label : caseStatusWords(text);
  if (field.endsWith('Date') || ['date', 'includeInTimeline', 'sightedAt'].includes(field))
    return names.date(Number(value));
  if (field === 'order') return String(Number(value) + 1);
  return text;
}

/** One of several values: a text, or a custom field with its value. */
function partWords(part: unknown, names: Names): string {
  const { name, type, value } = (part ?? {}) as { name?: unknown; type?: unknown; value?: unknown };
  if (typeof name !== 'string') return String(part);
  const isDate = type === 'date' && typeof value === 'number';
  const words = isDate ? names.date(value) : value === null || value === undefined ? 'none' : String(value);
  return `${name}: ${words}`;
}

const asChoice = ({ value, label }: { value: number; label: string }) => ({ value: String(value), label });

/** How the object is called: as it is now, or as it was when it went. */
export function titleOf(audit: Audit): string {
  const { object, details } = audit;
  const text = (name: string): string | undefined => {
    const value = object?.[name] ?? details[name];
    return typeof value === 'string' ? value : undefined;
  };
  const technique = [text('patternId'), text('patternName')].filter((part) => part !== undefined).join(' ');
  return text('title') ?? text('message') ?? technique;
}
