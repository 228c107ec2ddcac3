/** The case statuses of the platform, read once and on demand, and their words. */
import { Query } from './query';
import type { CaseStatus, Stage } from './types';

class CaseStatuses {
  private all = $state.raw<readonly CaseStatus[]>([]);
  private loading: Promise<void> | undefined;

  /** Reads them unless they are there already. */
  load(): Promise<void> {
    this.loading ??= this.read().catch(() => {
      // Whoever opens a choice of statuses next asks again.
      this.loading = undefined;
    });
    return this.loading;
  }

  /** What can be chosen among these stages; a hidden status only where it is the current one. */
  offered(stages: readonly Stage[], current?: string): { value: string; label: string }[] {
    return this.all
      .filter(({ stage, hidden, value }) => stages.includes(stage) && (!hidden || value === current))
      .map(({ value }) => ({ value, label: caseStatusWords(value) }));
  }

  /** The stage of a status; without the list only those that are their own stage are known. */
  stageOf(status: string): Stage {
    const known = this.all.find(({ value }) => value === status)?.stage;
    return known ?? (status === 'New' || status === 'InProgress' ? status : 'Closed');
  }

  private async read(): Promise<void> {
    this.all = await Query.list('listCaseStatus').sort(['order', 'asc']).run();
  }
}

export const caseStatuses = new CaseStatuses();

/** `TruePositive` as a person writes it: "True Positive". */
export function caseStatusWords(value: string): string {
  if (value === 'InProgress') return 'In progress';
  return value.replace(/([a-z])([A-Z])/g, '$1 $2');
}
