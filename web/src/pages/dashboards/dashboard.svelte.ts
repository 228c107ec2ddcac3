/** One dashboard: as it is, and as it is being edited, with every step of that to go back to. */
import { api } from '../../api/client';
import { drafts } from '../../api/drafts';
import { ApiProblem, messageOf } from '../../api/problem';
import type { Dashboard } from '../../api/types';
import { read, type Definition } from '../../dashboards/definition';

const FIELD = 'definition';
const STEPS_MOST = 100;

export class DashboardState {
  item = $state.raw<Dashboard>();
  problem = $state<string>();
  isMissing = $state(false);
  saving = $state(false);
  /** What it will be; undefined while it is only looked at. */
  draft = $state.raw<Definition>();

  private past = $state.raw<readonly Definition[]>([]);
  private future = $state.raw<readonly Definition[]>([]);

  readonly saved: Definition = $derived(read(this.item?.definition));
  /** What is on screen. */
  readonly shown: Definition = $derived(this.draft ?? this.saved);
  readonly canUndo = $derived(this.past.length > 0);
  readonly canRedo = $derived(this.future.length > 0);
  readonly isChanged = $derived(
    this.draft !== undefined && JSON.stringify(this.draft) !== JSON.stringify(this.saved),
  );

  constructor(readonly id: string) {}

  async load(): Promise<void> {
    try {
      this.item = await api.get('/api/v1/dashboard/{dashboardId}', { path: { dashboardId: this.id } });
      this.problem = undefined;
    } catch (thrown) {
      this.isMissing = thrown instanceof ApiProblem && thrown.status === 404;
      this.problem = messageOf(thrown);
    }
  }

  edit(): void {
    if (this.draft || !this.item) return;
    const kept = drafts.read<unknown>(this.key, FIELD);
    this.draft = kept === undefined ? this.saved : read(kept);
    this.past = kept === undefined ? [] : [this.saved];
    this.future = [];
  }

  change(next: Definition): void {
    if (!this.draft || next === this.draft) return;
    this.past = [...this.past, this.draft].slice(-STEPS_MOST);
    this.future = [];
    this.put(next);
  }

  undo(): void {
    const before = this.past.at(-1);
    if (!before || !this.draft) return;
    this.past = this.past.slice(0, -1);
    this.future = [this.draft, ...this.future];
    this.put(before);
  }

  redo(): void {
    const [after, ...rest] = this.future;
    if (!after || !this.draft) return;
    this.future = rest;
    this.past = [...this.past, this.draft];
    this.put(after);
  }

  /** Gives up what was changed. */
  cancel(): void {
    this.leave();
  }

  async save(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    this.saving = true;
    try {
      await this.write(draft);
      this.leave();
    } finally {
      this.saving = false;
    }
  }

  /** Makes it `definition`: to save, and to take a save back. */
  async write(definition: Definition): Promise<void> {
    await api.patch('/api/v1/dashboard/{dashboardId}', {
      path: { dashboardId: this.id },
      body: { definition: definition as unknown as Record<string, unknown> },
    });
    await this.load();
  }

  private leave(): void {
    drafts.clear(this.key, FIELD);
    this.draft = undefined;
    this.past = [];
    this.future = [];
  }

  private put(definition: Definition): void {
    this.draft = definition;
    drafts.write(this.key, FIELD, definition);
  }

  private get key(): string {
    return `dashboard:${this.id}`;
  }
}
