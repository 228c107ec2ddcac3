/** The alert statuses of the platform, read once and on demand. */
import { Query } from './query';
import type { AlertStage, AlertStatus } from './types';
import { caseStatusWords as words } from './case-statuses.svelte';

class AlertStatuses {
  private all = $state.raw<readonly AlertStatus[]>([]);
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
  offered(stages: readonly AlertStage[], current?: string): { value: string; label: string }[] {
    return this.all
      .filter(({ stage, hidden, value }) => stages.includes(stage) && (!hidden || value === current))
      .map(({ value }) => ({ value, label: words(value) }));
  }

  /** The stage of a status; without the list only those that are their own stage are known. */
  stageOf(status: string): AlertStage {
    const known = this.all.find(({ value }) => value === status)?.stage;
    return known ?? OWN_STAGE.find((stage) => stage === status) ?? 'Closed';
  }

  private async read(): Promise<void> {
    this.all = await Query.list('listAlertStatus').sort(['order', 'asc']).run();
  }
}

const OWN_STAGE: readonly AlertStage[] = ['New', 'InProgress', 'Imported'];

export const alertStatuses = new AlertStatuses();
