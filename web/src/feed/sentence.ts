/** An entry of the live feed as a sentence: who did what, to what, in which case. Pure. */
import { changesOf, remark, titleOf, type Line, type Names } from '../audit/words';
import type { Audit, FlowEntry } from '../api/types';
import { taskPath } from '../tasks/links';

export interface Named {
  label: string;
  /** Where it is; nowhere when it is gone. */
  href?: string;
}

export interface Sentence {
  /** After the name of whoever did it: "changed the task". */
  verb: string;
  object?: Named;
  /** The case it happened in, unless it is the object. */
  within?: Named;
  /** What a note or comment says. */
  quote?: string;
  /** Further things of the same request: "with 3 tasks". */
  along?: string;
  remark?: string;
  changes: Line[];
}

type Verbs = Record<'create' | 'update' | 'delete', string>;

const VERBS: Record<string, Verbs> = {
  Case: { create: 'created the case', update: 'changed the case', delete: 'deleted the case' },
  Task: { create: 'added the task', update: 'changed the task', delete: 'deleted the task' },
  Log: { create: 'wrote a note', update: 'changed a note', delete: 'deleted a note' },
  Comment: { create: 'commented', update: 'changed a comment', delete: 'deleted a comment' },
  Procedure: { create: 'added the TTP', update: 'changed the TTP', delete: 'deleted the TTP' },
  CustomEvent: {
    create: 'put the event onto the timeline',
    update: 'changed the event',
    delete: 'took the event off the timeline',
  },
  Page: { create: 'wrote the page', update: 'changed the page', delete: 'deleted the page' },
  User: { create: 'added the user', update: 'changed the user', delete: 'deleted the user' },
  Organisation: {
    create: 'added the organization',
    update: 'changed the organization',
    delete: 'deleted the organization',
  },
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export function sentenceOf({ base, summary }: FlowEntry, names: Names): Sentence {
  const type = base.objectType ?? '';
  const action = base.action === 'merge' ? 'update' : base.action;
  const verb = VERBS[type]?.[action] ?? `${WORDS[action]} ${type}`;
  const sentence: Sentence = {
    verb,
    changes: type === 'Comment' || type === 'Log' ? [] : changesOf(base, names),
  };
  const said = remark(base);
  if (said !== undefined) sentence.remark = said;
  const along = alongside(base, summary);
  if (along !== undefined) sentence.along = along;
  const parent = caseNamed(base.context, true);
  switch (type) {
    case 'Case':
      sentence.object = caseNamed(base.object, true) ?? caseNamed(base.details, false) ?? { label: '' };
      return sentence;
    case 'Task':
      sentence.object = taskNamed(base);
      break;
    case 'Procedure':
    case 'CustomEvent':
    case 'Page':
      sentence.object = { label: titleOf(base) };
      break;
    case 'Log':
    case 'Comment':
      sentence.quote = titleOf(base);
      break;
    default:
      sentence.object = { label: text(base.object?.['name']) ?? text(base.details['name']) ?? '' };
      return sentence;
  }
  if (parent) sentence.within = parent;
  return sentence;
}

const WORDS = { create: 'created', update: 'changed', delete: 'deleted' };

function caseNamed(item: Record<string, unknown> | undefined, exists: boolean): Named | undefined {
  const number = item?.['number'];
  if (typeof number !== 'number') return undefined;
  const label = `#${String(number)} - ${text(item?.['title']) ?? ''}`;
  return exists ? { label, href: `/cases/${String(number)}` } : { label };
}

function taskNamed(base: Audit): Named {
  const label = titleOf(base);
  const number = base.context?.['number'];
  return base.object && base.objectId !== undefined && typeof number === 'number'
    ? { label, href: taskPath(number, base.objectId) }
    : { label };
}

/** What else the request did to tasks, when it was about something else. */
function alongside(base: Audit, summary: FlowEntry['summary']): string | undefined {
  if (base.objectType !== 'Case') return undefined;
  const tasks = summary['Task'] ?? {};
  const many = (count: number) => (count === 1 ? '1 task' : `${String(count)} tasks`);
  if (tasks['create']) return `with ${many(tasks['create'])}`;
  return tasks['update'] ? `and ${many(tasks['update'])} with it` : undefined;
}
