/** One task on screen: read, changed at once with a way back, and followed live. */
import { events } from '../api/events.svelte';
import { cleared, Optimistic } from '../api/optimistic.svelte';
import { messageOf, ApiProblem } from '../api/problem';
import { Query } from '../api/query';
import { session } from '../api/session.svelte';
import type { Case, Task } from '../api/types';
import type { Option } from '../ui/options';
import { toast } from '../ui/toasts.svelte';
import { changeTasks, withEffects, type TaskChange } from './task-changes';
import { undoOf } from './undo';

/** What every place that shows tasks asks for beside them. */
export const TASK_EXTRA = ['logCount', 'actionRequired'] as const;

const PAUSE = 150;

export class TaskState {
  readonly id: string;
  missing = $state(false);
  problem = $state<string>();
  assignable = $state.raw<readonly Option[]>([]);

  private readonly kept = new Optimistic<Task>();
  private readonly onchanged: () => void;

  /** `onchanged` is told after each change made here, e.g. for the row behind a drawer. */
  constructor(id: string, onchanged: () => void) {
    this.id = id;
    this.onchanged = onchanged;
  }

  get task(): Task | undefined {
    return this.kept.shown;
  }

  get parent(): Case | undefined {
    return this.task?.extraData['case'] as Case | undefined;
  }

  get mayChange(): boolean {
    return this.parent?.userPermissions.includes('manageTask') ?? false;
  }

  async load(): Promise<void> {
    try {
      const task = await Query.get('getTask', this.id)
        .page(0, 1, ['case', ...TASK_EXTRA])
        .first();
      this.kept.server = task;
      this.missing = task === undefined;
      this.problem = undefined;
    } catch (thrown) {
      if (thrown instanceof ApiProblem && thrown.status === 404) this.missing = true;
      else this.problem = messageOf(thrown);
    }
  }

  /** Who it can be given to; read when somebody is about to choose. */
  async loadAssignable(): Promise<void> {
    if (this.assignable.length > 0) return;
    this.assignable = await assignableUsers(Query.get('getTask', this.id));
  }

  /** Follows the live feed; returns how to stop. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ objectId: this.id }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }

  /** Shows the change at once and offers to undo it; a refusal is thrown and the old values are back. */
  async change(change: TaskChange, said = 'Saved'): Promise<void> {
    const before = this.kept.server;
    if (!before) return;
    const undo = undoOf([before], change);
    const effects = withEffects(before, change, session.login, Date.now());
    await this.kept.change(cleared<Task>(effects), async () => {
      await changeTasks([this.id], change);
      await this.changed();
    });
    toast(said, { undo: () => undo().then(() => this.changed()) });
  }

  private async changed(): Promise<void> {
    await this.load();
    this.onchanged();
  }
}

/** The people a case or task can be given to, by name. */
export async function assignableUsers(from: Query): Promise<Option[]> {
  const users = await from.then('assignableUsers').sort(['name', 'asc']).run();
  return users
    .filter(({ login }, index) => users.findIndex((other) => other.login === login) === index)
    .map(({ login, name }) => ({ value: login, label: name, detail: login }));
}
