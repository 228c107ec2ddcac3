/** What can be done to alerts from a list: at once on screen, with a way back, and said in a toast. */
import { people } from '../api/people.svelte';
import { session } from '../api/session.svelte';
import type { Alert, Case } from '../api/types';
import { caseStatusWords } from '../api/case-statuses.svelte';
import { place } from '../location.svelte';
import { toast, toastProblem } from '../ui/toasts.svelte';
import {
  changeAlerts,
  deleteAlerts,
  effectOf,
  mergeAlerts,
  nameOf,
  mayUndoPromotion,
  promoteAlerts,
  undoMerge,
  undoOf,
  undoPromotion,
  type AlertChange,
} from './changes';

/** What the actions need of a list. */
export interface AlertRows {
  change: (rows: readonly Alert[], change: Partial<Alert>, send: () => Promise<unknown>) => Promise<void>;
  refresh: (ids: readonly string[]) => Promise<void>;
  reload: () => Promise<void>;
}

export class AlertActions {
  constructor(private readonly list: AlertRows) {}

  /** A refusal is told and nothing has changed. */
  change(alerts: readonly Alert[], change: AlertChange, said: string): Promise<void> {
    return this.honestly(() => this.apply(alerts, change, said));
  }

  /** A refusal is thrown, for the form to show. */
  async apply(alerts: readonly Alert[], change: AlertChange, said: string): Promise<void> {
    if (alerts.length === 0) return;
    const ids = alerts.map(({ _id }) => _id);
    const undo = undoOf(alerts, change);
    await this.list.change(alerts, effectOf(change), () => changeAlerts(ids, change));
    toast(`${nameOf(alerts)} ${said}`, { undo: () => undo().then(() => this.list.refresh(ids)) });
  }

  setStatus(alerts: readonly Alert[], status: string): Promise<void> {
    return this.change(alerts, { status }, `set to ${caseStatusWords(status)}`);
  }

  assign(alerts: readonly Alert[], login: string | null): Promise<void> {
    const whom = login === session.login ? 'you' : people.name(login ?? undefined);
    return this.apply(alerts, { assignee: login }, login === null ? 'given to nobody' : `given to ${whom}`);
  }

  /** Makes a case; a refusal is thrown, for the form to show. */
  async make(alerts: readonly Alert[], template?: string): Promise<Case> {
    const free = alerts.filter(({ caseId }) => caseId === undefined);
    const ids = free.map(({ _id }) => _id);
    const made = await promoteAlerts(free, template);
    toast(`Case #${String(made.number)} made of ${nameOf(free)}`, {
      ...(mayUndoPromotion() ? { undo: () => this.back(made, () => undoPromotion(free, made), ids) } : {}),
    });
    await this.list.refresh(ids);
    return made;
  }

  /** Undoes something by which a case came to be; whoever looks at that case is led away from it. */
  private async back(made: Case, undo: () => Promise<void>, ids: readonly string[]): Promise<void> {
    await undo();
    const [first] = ids;
    if (place.path.startsWith(`/cases/${String(made.number)}`))
      place.go(ids.length === 1 && first !== undefined ? `/alerts/${first}` : '/alerts');
    else await this.list.refresh(ids);
  }

  /** A refusal is thrown, for the form to show. */
  async merge(alerts: readonly Alert[], caseId: string): Promise<void> {
    const free = alerts.filter((alert) => alert.caseId === undefined);
    const ids = free.map(({ _id }) => _id);
    const merged = await mergeAlerts(free, caseId);
    const undo = async () => {
      await undoMerge(free);
      toast('Taken out again');
      await this.list.refresh(ids);
    };
    toast(`${nameOf(free)} merged into case #${String(merged.number)}`, {
      ...(session.can('manageCase/update') ? { undo } : {}),
    });
    await this.list.refresh(ids);
  }

  async remove(alerts: readonly Alert[]): Promise<void> {
    const undo = await deleteAlerts(alerts);
    toast(`${nameOf(alerts)} in the bin for 30 days`, {
      undo: () => undo().then(() => this.list.reload()),
    });
    await this.list.reload();
  }

  /** Runs something and tells why it was refused. */
  async honestly(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (thrown) {
      toastProblem(thrown);
    }
  }
}
