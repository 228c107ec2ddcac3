/**
 * The state of one list: what the URL asks for, the rows the server gave, what is
 * ticked, where the cursor is, and what has happened since. Made by the page, drawn
 * by `EntityList.svelte`. Filters, sort and page are in the URL and nowhere else.
 */
import { SvelteSet } from 'svelte/reactivity';
import { api } from '../api/client';
import { events } from '../api/events.svelte';
import { people } from '../api/people.svelte';
import { messageOf } from '../api/problem';
import type { Direction, Query } from '../api/query';
import { session } from '../api/session.svelte';
import type { AuditEvent, EntityDescription } from '../api/types';
import { place } from '../location.svelte';
import { count, decode, encode, narrow, tidy, toFilter, type Condition, type Conditions } from './conditions';
import type { Column, Listable, ListDefinition } from './definition';
import { mergeFields } from './fields';
import { remembered } from './remembered';
import { decodeSort, encodeSort, nextSort, type Sort } from './sorting';

export const PAGE_SIZES = [30, 50, 100] as const;

const REFRESH_DELAY = 250;

const pair = ({ field, direction }: Sort): [string, Direction] => [field, direction];

export class ListState<Row extends Listable> {
  readonly definition: ListDefinition<Row>;
  rows = $state.raw<readonly Row[]>([]);
  /** How many rows there are in all; while they are being counted, up to the last one here. */
  total = $state(0);
  counting = $state(false);
  loading = $state(true);
  loadedOnce = $state(false);
  problem = $state<string>();
  /** How many were created by others since the list was read. */
  readonly newCount = $derived.by(() => this.newIds.size);
  cursor = $state(-1);
  /** Changes whenever another page was read. */
  page = $state(0);
  /** Changes whenever rows were read, so that what is computed from all of them is computed again. */
  version = $state(0);
  readonly selected = new SvelteSet<string>();

  private description = $state.raw<EntityDescription>();
  private readonly newIds = new SvelteSet<string>();
  private readonly changedIds = new SvelteSet<string>();
  private abort: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(definition: ListDefinition<Row>) {
    this.definition = definition;
  }

  readonly conditions: Conditions = $derived.by(() => decode(place.params.get('where') ?? ''));
  readonly conditionCount = $derived.by(() => count(this.conditions));
  readonly from = $derived.by(() => Math.max(0, Number(place.params.get('from') ?? 0) || 0));

  readonly size = $derived.by(() => {
    const asked = Number(place.params.get('size') ?? remembered.read(this.definition.entity, 'size'));
    return PAGE_SIZES.find((size) => size === asked) ?? PAGE_SIZES[0];
  });

  readonly sort: Sort | undefined = $derived.by(() => {
    const inUrl = decodeSort(place.params.get('sort'));
    const sort = inUrl ?? decodeSort(remembered.read(this.definition.entity, 'sort'));
    return sort === 'none' ? undefined : (sort ?? this.definition.defaultSort);
  });

  /** The columns that were chosen, by their ids; undefined for the list's own. */
  readonly chosenColumns: readonly string[] | undefined = $derived.by(() => {
    const chosen = place.params.get('columns') ?? remembered.read(this.definition.entity, 'columns');
    const ids = (chosen ?? '')
      .split(',')
      .filter((id) => this.definition.columns.some((column) => column.id === id));
    return ids.length === 0 ? undefined : ids;
  });

  /** The columns to show: what was chosen is shown however narrow the screen is. */
  readonly columns: readonly Column[] = $derived.by(() => {
    const { chosenColumns: chosen } = this;
    if (!chosen) return this.definition.columns;
    return this.definition.columns
      .filter(({ id }) => chosen.includes(id))
      .map(({ from: _from, ...column }) => column);
  });

  readonly fields = $derived.by(() =>
    mergeFields(this.definition.fields, this.description, () =>
      people.all.map(({ login, name }) => ({ value: login, label: name, detail: login })),
    ),
  );

  /** The row that keys act on. */
  readonly current = $derived.by((): Row | undefined => this.rows[this.cursor]);
  readonly selectedRows = $derived.by(() => this.rows.filter((row) => this.selected.has(row._id)));

  readonly filter = $derived.by(() => toFilter(this.conditions, this.fields));

  /** Start, filter: the part of the query that statistics share. */
  readonly query: Query<Row> = $derived.by(() => this.definition.start().filter(this.filter));

  /** Changes whenever the rows have to be read again. */
  readonly key = $derived.by(() =>
    JSON.stringify([
      this.query.operations,
      this.sort,
      this.from,
      this.size,
      session.current?.organisation._id,
    ]),
  );

  /** Reads values for the filters; the list does not wait for it. */
  async describe(): Promise<void> {
    void people.load();
    try {
      this.description = await api.get('/api/v1/describe/{model}', {
        path: { model: this.definition.model },
      });
    } catch {
      // The definition's own fields still work; only described values are missing.
    }
  }

  async load(): Promise<void> {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.loading = true;
    try {
      const { from, size, query } = this;
      if (this.definition.read) {
        const all = await this.definition.read(this.filter, abort.signal);
        if (!abort.signal.aborted) this.show(all.slice(from, from + size), all.length);
        return;
      }
      const rows = await this.sorted()
        .page(from, from + size, this.definition.extraData)
        .run({ signal: abort.signal });
      if (abort.signal.aborted) return;
      // Nobody waits for the number to see the rows; of a page that isn't full, it is known.
      this.counting = rows.length === size || (rows.length === 0 && from > 0);
      this.show(rows, from + rows.length);
      this.loading = false;
      if (!this.counting) return;
      const total = await query.count({ signal: abort.signal });
      if (abort.signal.aborted) return;
      this.total = total;
      this.counting = false;
    } catch (thrown) {
      if (!abort.signal.aborted) this.problem = messageOf(thrown);
    } finally {
      if (this.abort === abort) this.loading = false;
    }
  }

  /** Reads the page again, e.g. after a drawer created something. */
  reload(): Promise<void> {
    return this.load();
  }

  setConditions(conditions: Conditions): void {
    place.setSearch({ where: encode(tidy(conditions)), from: undefined }, { push: true });
  }

  narrow(condition: Condition): void {
    this.setConditions(narrow(this.conditions, condition));
  }

  cycleSort(field: string): void {
    this.sortBy(nextSort(this.sort, field));
  }

  sortBy(chosen: Sort | undefined): void {
    const sort = encodeSort(chosen);
    remembered.write(this.definition.entity, 'sort', sort);
    place.setSearch({ sort, from: undefined });
  }

  /** Shows these columns; undefined for the list's own. */
  setColumns(ids: readonly string[] | undefined): void {
    const columns = ids?.join(',');
    remembered.write(this.definition.entity, 'columns', columns ?? '');
    place.setSearch({ columns });
  }

  setSize(size: number): void {
    remembered.write(this.definition.entity, 'size', String(size));
    place.setSearch({ size: String(size), from: undefined });
  }

  goTo(from: number): void {
    place.setSearch({ from: from > 0 ? String(from) : undefined }, { push: true });
  }

  toggle(row: Row): void {
    if (!this.selected.delete(row._id)) this.selected.add(row._id);
  }

  toggleAll(): void {
    const all = this.selectedRows.length === this.rows.length;
    for (const row of this.rows) {
      if (all) this.selected.delete(row._id);
      else this.selected.add(row._id);
    }
  }

  /**
   * Shows `change` in these rows at once, while `send` is under way, and then what the
   * server made of it. What `send` throws takes the change back and goes to the caller.
   */
  async change(rows: readonly Row[], change: Partial<Row>, send: () => Promise<unknown>): Promise<void> {
    const ids = rows.map(({ _id }) => _id);
    this.replace(ids, (row) => ({ ...row, ...change }));
    try {
      await send();
    } catch (thrown) {
      this.replace(ids, (row) => rows.find(({ _id }) => _id === row._id) ?? row);
      throw thrown;
    }
    await this.refresh(ids);
  }

  /** Reads these rows again and puts them in place, where they are: a list never jumps under a reader. */
  async refresh(ids: readonly string[]): Promise<void> {
    if (this.definition.read) return this.load();
    try {
      const fresh = await this.definition
        .start()
        .filter({ _in: { _field: '_id', _values: [...ids] } })
        .page(0, ids.length, this.definition.extraData)
        .run();
      const gone = ids.filter((id) => !fresh.some(({ _id }) => _id === id));
      this.replace(ids, (row) => fresh.find(({ _id }) => _id === row._id) ?? row);
      this.rows = this.rows.filter(({ _id }) => !gone.includes(_id));
      this.total = Math.max(this.rows.length, this.total - gone.length);
      for (const id of gone) this.selected.delete(id);
      this.version += 1;
    } catch {
      // The next event, or a reload, brings what is missing.
    }
  }

  /** Follows the live feed; returns how to stop. */
  follow(): () => void {
    const { objectType, within = [], rootId } = this.definition;
    const root = rootId === undefined ? {} : { rootId };
    const stop = events.subscribe({ objectTypes: [objectType, ...within], ...root }, (event) =>
      this.happened(event),
    );
    return () => {
      stop();
      clearTimeout(this.timer);
      this.abort?.abort();
    };
  }

  private show(rows: readonly Row[], total: number): void {
    this.rows = rows;
    this.total = total;
    this.problem = undefined;
    this.loadedOnce = true;
    this.page += 1;
    this.version += 1;
    this.newIds.clear();
    this.cursor = Math.min(this.cursor, rows.length - 1);
    for (const id of this.selected) {
      if (!rows.some((row) => row._id === id)) this.selected.delete(id);
    }
  }

  private happened(event: AuditEvent): void {
    if (this.definition.read) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.load(), REFRESH_DELAY);
      return;
    }
    const id = event.objectType === this.definition.objectType ? event.objectId : event.rootId;
    const here = this.rows.some((row) => row._id === id);
    if (here) {
      this.changedIds.add(id);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.refreshChanged(), REFRESH_DELAY);
    } else if (event.action === 'create' && event.objectId === id) {
      // What I made myself I have just seen; what others made waits behind the "n new" bar.
      if (event.createdBy !== session.login) this.newIds.add(id);
    }
  }

  private refreshChanged(): Promise<void> {
    const ids = [...this.changedIds];
    this.changedIds.clear();
    return this.refresh(ids);
  }

  private replace(ids: readonly string[], change: (row: Row) => Row): void {
    this.rows = this.rows.map((row) => (ids.includes(row._id) ? change(row) : row));
  }

  /** All rows that the filters leave, in their order. */
  sorted(): Query<Row> {
    if (!this.sort) return this.query;
    const ties = this.definition.ties?.[this.sort.field];
    return this.query.sort(...[this.sort, ...(ties ? [ties] : [])].map(pair));
  }
}
