/** The case on screen: read, changed at once with a way back, and followed live. */
import { changerWords } from '../../../api/changer';
import { api } from '../../../api/client';
import { events } from '../../../api/events.svelte';
import { cleared, opposite, Optimistic } from '../../../api/optimistic.svelte';
import { ApiProblem, messageOf } from '../../../api/problem';
import { Query } from '../../../api/query';
import { people } from '../../../api/people.svelte';
import { session } from '../../../api/session.svelte';
import type { AuditEvent, Case, CaseUpdate, CustomFieldValue, Right } from '../../../api/types';
import type { FieldChange } from '../../../custom-fields/change';
import { changeTasks } from '../../../tasks/task-changes';
import { assignableUsers } from '../../../tasks/task.svelte';
import type { Option } from '../../../ui/options';
import { toast } from '../../../ui/toasts.svelte';
import { fieldWords } from '../../../audit/words';

/** Only what is given changes; null clears. */
export type CaseChange = Omit<CaseUpdate, 'addTags' | 'removeTags' | 'reassignOpenTasks'>;

/** Counts of the case's tasks by status. */
export interface TaskCounts {
  total: number;
  Waiting: number;
  InProgress: number;
  Completed: number;
  Cancel: number;
}

const EXTRA = [
  'taskStats',
  'observableStats',
  'attachmentCount',
  'procedureCount',
  'alertCount',
  'contributors',
  'owningOrganisation',
  'links',
] as const;
const NO_TASKS: TaskCounts = { total: 0, Waiting: 0, InProgress: 0, Completed: 0, Cancel: 0 };
const PAUSE = 150;

const savedWords = (change: CaseChange): string => `${Object.keys(change).map(fieldWords).join(', ')} saved`;

export class CaseState {
  /** The number or id in the address. */
  readonly reference: string;
  missing = $state(false);
  /** Who put it into the bin while it was on screen. */
  deletedBy = $state<string>();
  problem = $state<string>();
  assignable = $state.raw<readonly Option[]>([]);

  private readonly kept = new Optimistic<Case>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(reference: string) {
    this.reference = reference;
  }

  get case(): Case | undefined {
    return this.kept.shown;
  }

  get taskCounts(): TaskCounts {
    return (this.case?.extraData['taskStats'] as TaskCounts | undefined) ?? NO_TASKS;
  }

  get alertCount(): number {
    return (this.case?.extraData['alertCount'] as number | undefined) ?? 0;
  }

  get procedureCount(): number {
    return (this.case?.extraData['procedureCount'] as number | undefined) ?? 0;
  }

  get observableCount(): number {
    return (this.case?.extraData['observableStats'] as { total: number } | undefined)?.total ?? 0;
  }

  get attachmentCount(): number {
    return (this.case?.extraData['attachmentCount'] as number | undefined) ?? 0;
  }

  get contributors(): readonly string[] {
    return (this.case?.extraData['contributors'] as string[] | undefined) ?? [];
  }

  get owner(): string | undefined {
    return this.case?.extraData['owningOrganisation'] as string | undefined;
  }

  /** Whether the organisation that is worked in owns it. */
  get isOurs(): boolean {
    return this.owner !== undefined && this.owner === session.current?.organisation.name;
  }

  /** Whoever changed the case last, in words. */
  get changedBy(): string | undefined {
    return changerWords(this.case?._updatedBy);
  }

  /** Whether the caller has a right on this very case: a share can give less than the profile. */
  may(permission: Right): boolean {
    return this.case?.userPermissions.includes(permission) ?? false;
  }

  async load(): Promise<void> {
    try {
      const found = await Query.get('getCase', this.reference).page(0, 1, EXTRA).first();
      if (found) this.kept.server = found;
      this.missing = found === undefined;
      this.problem = undefined;
    } catch (thrown) {
      if (thrown instanceof ApiProblem && thrown.status === 404) this.missing = true;
      else this.problem = messageOf(thrown);
    }
  }

  /** Who it can be given to and who can be mentioned. */
  async loadAssignable(): Promise<void> {
    this.assignable = await assignableUsers(Query.get('getCase', this.reference));
  }

  /** Follows everything that happens in the case; returns how to stop. */
  follow(id: string): () => void {
    const refresh = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.load(), PAUSE);
    };
    const stopInside = events.subscribe({ rootId: id }, refresh);
    // A deletion is told of the organisation, not of the case that is gone.
    const stopItself = events.subscribe({ objectId: id }, (event: AuditEvent) => {
      this.deletedBy = event.action === 'delete' ? event.createdBy : undefined;
      refresh();
    });
    return () => {
      stopInside();
      stopItself();
      clearTimeout(this.timer);
    };
  }

  /** Shows the change at once and offers to undo it; a refusal is thrown and the old values are back. */
  async change(change: CaseChange, said = savedWords(change)): Promise<void> {
    const before = this.kept.server;
    if (!before) return;
    await this.send(change);
    toast(said, { undo: () => this.send(opposite(change, before)) });
  }

  get customFields(): CustomFieldValue[] {
    return this.case?.customFields ?? [];
  }

  /** What drafts of it are kept under. */
  get draft(): string {
    return `case:${this.reference}`;
  }

  setFields(customFields: CustomFieldValue[], change: FieldChange): Promise<void> {
    return this.sendShowing({ customFields }, change as CaseUpdate);
  }

  /** Shows `shown` at once and sends the change; a refusal is thrown and the old values are back. */
  sendShowing(shown: Partial<Case>, body: CaseUpdate): Promise<void> {
    return this.kept.change(shown, async () => {
      await api.patch('/api/v1/case/{idOrName}', { path: { idOrName: this.reference }, body });
      await this.load();
    });
  }

  /** Gives the case, and if wanted its open tasks, to somebody. */
  async assign(assignee: string | null, withOpenTasks: boolean): Promise<void> {
    const before = this.kept.server;
    if (!before) return;
    const undoTasks = withOpenTasks ? await rememberAssignees(this.reference) : () => Promise.resolve();
    await this.send({ assignee }, withOpenTasks ? { reassignOpenTasks: true } : {});
    toast(assignee === null ? 'Nobody has the case now' : `Assigned to ${people.name(assignee)}`, {
      undo: async () => {
        await this.send({ assignee: before.assignee ?? null });
        await undoTasks();
      },
    });
  }

  private send(change: CaseChange, options: { reassignOpenTasks?: true } = {}): Promise<void> {
    return this.sendShowing(cleared<Case>(change), { ...change, ...options });
  }
}

/** Who has the open tasks now; the answer gives them back. */
async function rememberAssignees(reference: string): Promise<() => Promise<void>> {
  const tasks = await Query.get('getCase', reference)
    .then('tasks')
    .filter({ _in: { _field: 'status', _values: ['Waiting', 'InProgress'] } })
    .run();
  return async () => {
    for (const { _id, assignee } of tasks) {
      await changeTasks([_id], { assignee: assignee ?? null });
    }
  };
}
