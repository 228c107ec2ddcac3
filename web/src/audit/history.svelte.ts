/** What happened in a case or to an alert, in pages from the newest; which part of it, the URL says. */
import { events } from '../api/events.svelte';
import { messageOf } from '../api/problem';
import { all, Query, type Filter } from '../api/query';
import { session } from '../api/session.svelte';
import type { Audit, Task } from '../api/types';
import { place } from '../location.svelte';

export const STEP = 50;
const PAUSE = 200;

export type Narrowing = 'by' | 'action' | 'entity';

const FIELDS: Record<Narrowing, string> = { by: '_createdBy', action: 'action', entity: 'objectType' };

export class History {
  rows = $state.raw<readonly Audit[]>([]);
  total = $state(0);
  loaded = $state(false);
  problem = $state<string>();
  /** What others did since it was read. */
  newCount = $state(0);
  /** The task of each note on the page: a record does not tell it. */
  taskOfLog = $state.raw<Readonly<Record<string, Task>>>({});

  readonly from = $derived.by(() => Math.max(0, Number(place.params.get('from') ?? 0) || 0));
  private readonly filter: Filter | undefined = $derived.by(() => all(...NARROWINGS.map(filterOf)));
  /** Changes whenever the rows have to be read again. */
  readonly key = $derived.by(() => JSON.stringify([this.filter, this.from]));

  constructor(private readonly all: Query<Audit>) {}

  chosen(narrowing: Narrowing): string | undefined {
    return place.params.get(narrowing) ?? undefined;
  }

  get isNarrowed(): boolean {
    return this.filter !== undefined;
  }

  narrow(changes: Partial<Record<Narrowing, string | undefined>>): void {
    place.setSearch({ ...changes, from: undefined });
  }

  goTo(from: number): void {
    place.setSearch({ from: from > 0 ? String(from) : undefined }, { push: true });
  }

  async load(): Promise<void> {
    try {
      const { rows, total } = await this.all
        .filter(this.filter)
        .sort(['_createdAt', 'desc'], ['_id', 'desc'])
        .runPage(this.from, this.from + STEP);
      this.rows = rows;
      this.total = total;
      this.newCount = 0;
      this.loaded = true;
      this.problem = undefined;
      await this.findTasks();
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** What I do myself shows at once; what others do waits behind a bar, so that nothing jumps. */
  follow(id: string): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ rootId: id }, ({ createdBy }) => {
      if (createdBy !== session.login) {
        this.newCount += 1;
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }

  private async findTasks(): Promise<void> {
    const ids = this.rows
      .filter(({ objectType }) => objectType === 'Log')
      .flatMap(({ objectId }) => objectId ?? [])
      .filter((id, index, every) => every.indexOf(id) === index);
    if (ids.length === 0) return;
    const found = await Query.list('listLog')
      .filter({ _in: { _field: '_id', _values: ids } })
      .page(0, ids.length, ['task'])
      .run();
    this.taskOfLog = Object.fromEntries(
      found.flatMap((log): [string, Task][] => {
        const task = log.extraData['task'] as Task | undefined;
        return task ? [[log._id, task]] : [];
      }),
    );
  }
}

const NARROWINGS: readonly Narrowing[] = ['by', 'action', 'entity'];

function filterOf(narrowing: Narrowing): Filter | undefined {
  const value = place.params.get(narrowing);
  return value ? { _eq: { _field: FIELDS[narrowing], _value: value } } : undefined;
}
