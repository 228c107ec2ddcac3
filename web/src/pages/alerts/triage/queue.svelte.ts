/** The alerts that wait for a verdict, the worst and latest first, and what is done to them one after the other. */
import { SvelteSet } from 'svelte/reactivity';
import { events } from '../../../api/events.svelte';
import { messageOf } from '../../../api/problem';
import { Query } from '../../../api/query';
import { session } from '../../../api/session.svelte';
import type { Alert, Case } from '../../../api/types';
import { COUNTS } from '../../../alerts/brings';
import {
  changeAlerts,
  likeThis,
  mayUndoPromotion,
  mergeAlerts,
  MOST_AT_ONCE,
  nameOf,
  promoteAlerts,
  undoMerge,
  undoOf,
  undoPromotion,
} from '../../../alerts/changes';
import { caseStatusWords } from '../../../api/case-statuses.svelte';
import { toast, toastProblem } from '../../../ui/toasts.svelte';

/** Rows that are read at once; more are read before they run out. */
const STEP = 50;
const FEW = 15;

const waiting = (): Query<Alert, 'Alert'> =>
  Query.list('listAlert').filter({ _eq: { _field: 'stage', _value: 'New' } });

const sameWords = (one: Alert, other: Alert): boolean =>
  one.type === other.type && one.source === other.source && one.title === other.title;

export class TriageQueue {
  rows = $state.raw<readonly Alert[]>([]);
  /** How many wait in all. */
  total = $state(0);
  at = $state(0);
  loaded = $state(false);
  problem = $state<string>();
  /** How many others wait that say the same as the one on screen. */
  likeCount = $state(0);
  /** Whether the next verdict is for all of those too. */
  withLike = $state(false);
  /** How many got their verdict here. */
  done = $state(0);
  newCount = $state(0);

  private undoLast: (() => Promise<void>) | undefined;
  /** Dealt with here: an answer that left the server before must not bring them back. */
  private readonly settled = new SvelteSet<string>();

  readonly current = $derived.by((): Alert | undefined => this.rows[this.at]);

  /** `inHand` is the one to take up; else the one that is in hand stays there. */
  async load(inHand?: string): Promise<void> {
    try {
      const page = await waiting()
        .sort(['severity', 'desc'], ['_createdAt', 'desc'])
        .runPage(0, STEP, [...COUNTS, 'relatedCase']);
      const rows = page.rows.filter(({ _id }) => !this.settled.has(_id));
      const id = inHand ?? this.current?._id;
      this.rows = rows;
      this.total = page.total - (page.rows.length - rows.length);
      const same = rows.findIndex(({ _id }) => _id === id);
      this.at = same >= 0 ? same : Math.min(this.at, Math.max(0, rows.length - 1));
      this.newCount = 0;
      this.loaded = true;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  move(step: 1 | -1): void {
    this.goTo(this.at + step);
  }

  goTo(at: number): void {
    if (at < 0 || at >= this.rows.length) return;
    this.at = at;
    this.withLike = false;
  }

  /** The next one that says the same. */
  nextLike(): void {
    const { current } = this;
    if (!current) return;
    const order = [...this.rows.keys()].map((step) => (this.at + 1 + step) % this.rows.length);
    const next = order.find((at) => at !== this.at && sameWords(this.rows[at] ?? current, current));
    if (next !== undefined) this.goTo(next);
  }

  async countLike(alert: Alert): Promise<void> {
    try {
      const count = await likeThis(alert).count();
      if (this.current?._id === alert._id) this.likeCount = Math.max(0, count - 1);
    } catch {
      // Without the number each can still be judged by itself.
      this.likeCount = 0;
    }
  }

  /** Gives the alert on screen, and if wanted those like it, a status. */
  async judge(status: string): Promise<void> {
    await this.act(async (alerts) => {
      const undo = undoOf(alerts, { status });
      await changeAlerts(
        alerts.map(({ _id }) => _id),
        { status },
      );
      this.offerUndo(`${nameOf(alerts)} set to ${caseStatusWords(status)}`, undo, alerts);
    });
  }

  assignToMe(): Promise<void> {
    return this.keep(async (alert) => {
      const undo = undoOf([alert], { assignee: session.login });
      await changeAlerts([alert._id], { assignee: session.login });
      this.offerUndo(`${nameOf([alert])} given to you`, undo, []);
    });
  }

  async promote(): Promise<void> {
    await this.act(async (alerts) => {
      const made = await promoteAlerts(alerts);
      const said = `Case #${String(made.number)} made of ${nameOf(alerts)}`;
      if (mayUndoPromotion()) this.offerUndo(said, () => undoPromotion(alerts, made), alerts);
      else toast(said);
    });
  }

  /** Merges the alert on screen, and if wanted those like it, into a case that is there. */
  async mergeInto({ _id }: Pick<Case, '_id'>): Promise<void> {
    await this.act(async (alerts) => {
      const merged = await mergeAlerts(alerts, _id);
      const said = `${nameOf(alerts)} merged into case #${String(merged.number)}`;
      if (session.can('manageCase/update')) this.offerUndo(said, () => undoMerge(alerts), alerts);
      else toast(said);
    });
  }

  async undo(): Promise<void> {
    const undo = this.undoLast;
    this.undoLast = undefined;
    if (undo) await undo().catch(toastProblem);
  }

  /** Takes the row away that was dealt with elsewhere, e.g. merged in a drawer. */
  async settle(ids: readonly string[]): Promise<void> {
    this.done += ids.length;
    this.drop(ids);
    await this.refill();
  }

  /** Others change the queue too; new ones wait behind a bar, so that nothing jumps. */
  follow(): () => void {
    return events.subscribe({ objectTypes: ['Alert'] }, ({ action, createdBy, objectId }) => {
      if (createdBy === session.login) return;
      if (action === 'create') this.newCount += 1;
      else if (this.rows.some(({ _id }) => _id === objectId)) void this.load();
    });
  }

  private offerUndo(text: string, undo: () => Promise<void>, alerts: readonly Alert[]): void {
    const back = async () => {
      await undo();
      for (const { _id } of alerts) this.settled.delete(_id);
      this.done -= alerts.length;
      // Whoever takes a verdict back wants to look again.
      await this.load(alerts[0]?._id);
    };
    this.undoLast = back;
    toast(text, { undo: back });
  }

  /** Acts on the alert on screen and those like it, if wanted; the next one is on screen at once. */
  private async act(send: (alerts: readonly Alert[]) => Promise<void>): Promise<void> {
    const { current } = this;
    if (!current) return;
    let alerts: readonly Alert[] = [current];
    try {
      if (this.withLike) alerts = await likeThis(current).page(0, MOST_AT_ONCE).run();
      this.withLike = false;
      this.drop(alerts.map(({ _id }) => _id));
      await send(alerts);
      this.done += alerts.length;
      await this.refill();
    } catch (thrown) {
      for (const { _id } of alerts) this.settled.delete(_id);
      toastProblem(thrown);
      await this.load();
    }
  }

  private async keep(send: (alert: Alert) => Promise<void>): Promise<void> {
    const { current } = this;
    if (!current) return;
    try {
      await send(current);
      await this.load();
    } catch (thrown) {
      toastProblem(thrown);
    }
  }

  private drop(ids: readonly string[]): void {
    for (const id of ids) this.settled.add(id);
    const before = this.rows.slice(0, this.at).filter(({ _id }) => !ids.includes(_id)).length;
    this.rows = this.rows.filter(({ _id }) => !ids.includes(_id));
    this.at = Math.min(before, Math.max(0, this.rows.length - 1));
    this.total = Math.max(this.rows.length, this.total - ids.length);
  }

  private async refill(): Promise<void> {
    if (this.rows.length < FEW && this.total > this.rows.length) await this.load();
  }
}
