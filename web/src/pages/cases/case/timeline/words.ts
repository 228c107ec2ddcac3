/** What an event of the timeline is called, and in which lane it lies. Pure. */
import type { TimelineEvent } from '../../../../api/types';
import { caseStatusWords } from '../../../../api/case-statuses.svelte';

/** The lanes of the picture, from top to bottom. */
export const LANES = [
  { id: 'Procedure', label: 'TTPs', entities: ['Procedure'] },
  { id: 'Alert', label: 'Alerts', entities: ['Alert'] },
  { id: 'Observable', label: 'Observables', entities: ['Observable'] },
  { id: 'Task', label: 'Tasks', entities: ['Task', 'Log'] },
  { id: 'Case', label: 'Case events', entities: ['Case', 'Custom'] },
] as const;

export type Lane = (typeof LANES)[number];

export const laneOf = ({ entity }: TimelineEvent): number =>
  Math.max(
    0,
    LANES.findIndex(({ entities }) => (entities as readonly string[]).includes(entity)),
  );

const KINDS: Record<string, string> = {
  CaseStarted: 'Case started',
  CaseCreated: 'Case created',
  CaseInProgress: 'Investigation started',
  CaseClosed: 'Case closed',
  TaskCompleted: 'Task completed',
  Log: 'Note',
  Procedure: 'TTP',
  CustomEvent: 'Event',
  AlertDate: 'Alert',
  Sighting: 'Sighting',
};

export const kindWords = (kind: string): string => KINDS[kind] ?? kind;

const text = (event: TimelineEvent, name: string): string | undefined => {
  const value = event.details[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The event in a few words. */
export function titleOf(event: TimelineEvent): string {
  const title = text(event, 'title') ?? text(event, 'data') ?? '';
  switch (event.kind) {
    case 'CaseStarted':
    case 'CaseCreated':
    case 'CaseInProgress':
      return kindWords(event.kind);
    case 'CaseClosed': {
      const status = text(event, 'status');
      return status === undefined ? 'Case closed' : `Case closed: ${caseStatusWords(status)}`;
    }
    case 'Log':
      return `${title}: ${(text(event, 'message') ?? '').split('\n')[0] ?? ''}`;
    case 'Procedure': {
      const id = text(event, 'patternId') ?? '';
      const tactic = text(event, 'tacticLabel');
      return `${id} ${title}${tactic === undefined ? '' : ` (${tactic})`}`;
    }
    default:
      return title === '' ? kindWords(event.kind) : title;
  }
}
