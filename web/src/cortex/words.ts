/** Jobs, actions and reports in words. Pure. */
import type { Action, Job } from '../api/types';

/** What a responder acts on, as it is called in the API. */
export type ActionObject = 'case' | 'alert' | 'case_task' | 'case_task_log' | 'case_artifact';

type Tone = 'new' | 'progress' | 'closed' | 'other';

const STATES: Record<string, { label: string; tone: Tone }> = {
  Waiting: { label: 'Waiting', tone: 'new' },
  InProgress: { label: 'Running', tone: 'progress' },
  Success: { label: 'Success', tone: 'closed' },
  Failure: { label: 'Failed', tone: 'other' },
};

export function stateOf(status: string): { label: string; tone: Tone } {
  return STATES[status] ?? { label: status, tone: 'other' };
}

export const isOver = ({ status }: Pick<Job, 'status'>): boolean =>
  status === 'Success' || status === 'Failure';

/** One finding of an analyzer in a few words. */
export interface Taxonomy {
  level: 'info' | 'safe' | 'suspicious' | 'malicious';
  namespace: string;
  predicate: string;
  value: string;
}

const LEVELS = ['info', 'safe', 'suspicious', 'malicious'] as const;

/** The taxonomies in a summary that came from elsewhere: what is none is left out. */
export function taxonomiesIn(summary: unknown): Taxonomy[] {
  const listed = (summary as { taxonomies?: unknown } | null | undefined)?.taxonomies;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { level, namespace, predicate, value } = one as Record<string, unknown>;
    return [
      {
        level: LEVELS.find((known) => known === level) ?? 'info',
        namespace: text(namespace),
        predicate: text(predicate),
        value: text(value),
      },
    ];
  });
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export interface OperationDone {
  type: string;
  status: string;
  message: string;
}

/** What a report asked for, and what came of it. */
export function operationsOf({ operations }: Pick<Action, 'operations'>): OperationDone[] {
  try {
    const listed: unknown = JSON.parse(operations);
    if (!Array.isArray(listed)) return [];
    return listed.map((one: Record<string, unknown>) => ({
      type: text(one['type']),
      status: text(one['status']),
      message: text(one['message']),
    }));
  } catch {
    return [];
  }
}

/** Why it failed, or what it says of itself. */
export function messageIn(report: unknown): string {
  const { errorMessage, full } = (report ?? {}) as { errorMessage?: unknown; full?: { message?: unknown } };
  return text(errorMessage) || text(full?.message);
}

/** A report that is text, as actions have it. */
export function parsed(report: string): unknown {
  try {
    return JSON.parse(report) as unknown;
  } catch {
    return undefined;
  }
}
