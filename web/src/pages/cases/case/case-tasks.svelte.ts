/** The tasks of one case: read, ticked, changed at once with a way back, moved, and followed live. */
import { SvelteSet } from 'svelte/reactivity';
import { events } from '../../../api/events.svelte';
import { cleared } from '../../../api/optimistic.svelte';
import { messageOf } from '../../../api/problem';
import { Query } from '../../../api/query';
import { session } from '../../../api/session.svelte';
import type { Task } from '../../../api/types';
import { changeTasks, requireAction, withEffects, type TaskChange } from '../../../tasks/task-changes';
import { TASK_EXTRA } from '../../../tasks/task.svelte';
import { undoOf } from '../../../tasks/undo';
import { toast, toastProblem } from '../../../ui/toasts.svelte';
import { moved, ordered } from './ordering';

/** More tasks than any case should have; beyond it the list says that it is not whole. */
const MOST = 500;
const PAUSE = 150;

type Shown = Readonly<Record<string, Partial<Task>>>;

export class CaseTasks {
  loaded = $state(false);
  problem = $state<string>();
  total = $state(0);
  readonly selected = new SvelteSet<string>();

  private server = $state.raw<readonly Task[]>([]);
  /** Changes under way, by task. */
  private pending = $state.raw<readonly Shown[]>([]);

  readonly rows: readonly Task[] = $derived.by(() =>
    ordered(
      this.server.map((task) => Object.assign({}, task, ...this.pending.map((shown) => shown[task._id]))),
    ),
  );
  readonly selectedRows = $derived.by(() => this.rows.filter(({ _id }) => this.selected.has(_id)));

  /** `reference` is the number or id of the case. */
  constructor(private readonly reference: string) {}

  async load(): Promise<void> {
    try {
      const { rows, total } = await Query.get('getCase', this.reference)
        .then('tasks')
        .sort(['order', 'asc'], ['_createdAt', 'asc'])
        .runPage(0, MOST, TASK_EXTRA);
      this.server = rows;
      this.total = total;
      this.loaded = true;
      this.problem = undefined;
      for (const id of this.selected) if (!rows.some(({ _id }) => _id === id)) this.selected.delete(id);
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** Follows the live feed; returns how to stop. */
  follow(caseId: string): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ objectTypes: ['Task', 'Log'], rootId: caseId }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }

  toggle(task: Task): void {
    if (!this.selected.delete(task._id)) this.selected.add(task._id);
  }

  toggleAll(): void {
    if (this.selectedRows.length === this.rows.length) this.selected.clear();
    else for (const { _id } of this.rows) this.selected.add(_id);
  }

  /** Changes tasks; what is refused is said in a toast and the old values are back. */
  async change(tasks: readonly Task[], change: TaskChange, said = 'Saved'): Promise<void> {
    const undo = undoOf(tasks, change);
    const shown = tasks.map((task): [string, Partial<Task>] => [
      task._id,
      cleared<Task>(withEffects(task, change, session.login, Date.now())),
    ]);
    const ids = tasks.map(({ _id }) => _id);
    const done = await this.show(Object.fromEntries(shown), () => changeTasks(ids, change));
    if (done) toast(said, { undo: () => undo().then(() => this.load()) });
  }

  async requireAction(task: Task, required: boolean): Promise<void> {
    const extraData = { ...task.extraData, actionRequired: required };
    await this.show({ [task._id]: { extraData } }, () => requireAction(task._id, required));
  }

  /** Moves a task to where another one is. */
  async move(id: string, target: string): Promise<void> {
    const places = moved(this.rows, id, target);
    if (places.length === 0) return;
    const shown = Object.fromEntries(places.map(({ id: moving, order }) => [moving, { order }]));
    await this.show(shown, async () => {
      for (const place of places) await changeTasks([place.id], { order: place.order });
    });
  }

  /** Shows changes while they are sent; false when they were refused. */
  private async show(shown: Shown, send: () => Promise<void>): Promise<boolean> {
    this.pending = [...this.pending, shown];
    try {
      await send();
      await this.load();
      return true;
    } catch (thrown) {
      toastProblem(thrown);
      // Of several requests some may have been done.
      await this.load();
      return false;
    } finally {
      this.pending = this.pending.filter((other) => other !== shown);
    }
  }
}
