/** Saved looks of a list: filter, order, columns and page, under a name, for oneself or for all. */
import { api } from '../api/client';
import { Query } from '../api/query';
import { session } from '../api/session.svelte';
import type { ListView, ListViewEntity } from '../api/types';
import { place } from '../location.svelte';
import { encode } from './conditions';
import type { Listable } from './definition';
import type { ListState } from './list.svelte';
import { encodeSort } from './sorting';

/** What the API calls the lists. */
const ENTITIES: Readonly<Record<string, ListViewEntity>> = {
  alert: 'Alert',
  case: 'Case',
  task: 'Task',
  dashboard: 'Dashboard',
  organisation: 'Organisation',
  user: 'User',
  profile: 'Profiles',
  customField: 'CustomFields',
  observableType: 'ObservableTypes',
  taxonomy: 'Taxonomies',
  pattern: 'AttackPatterns',
};

export const viewEntityOf = (entity: string): ListViewEntity | undefined => ENTITIES[entity];

const ITEMS = [10, 30, 50, 100, 150, 300];

/** What of the address makes a view. */
interface Look {
  where: string;
  sort: string;
  columns: string;
  size: string;
}

function lookOf(view: ListView): Look {
  const [sort = ''] = view.sortList;
  const { where } = view.filter as { where?: unknown };
  return {
    where: typeof where === 'string' ? where : '',
    sort,
    columns: view.showColumns.join(','),
    size: String(view.listOptions.itemsPerPage),
  };
}

export class Views<Row extends Listable> {
  all = $state.raw<readonly ListView[]>([]);

  constructor(
    private readonly list: ListState<Row>,
    private readonly entity: ListViewEntity,
  ) {}

  /** How the list looks now. */
  readonly look: Look = $derived.by(() => ({
    where: encode(this.list.conditions),
    sort: encodeSort(this.list.sort) ?? '',
    columns: (this.list.chosenColumns ?? []).join(','),
    size: String(this.list.size),
  }));

  /** The view that was chosen, whether it was changed since or not. */
  readonly current: ListView | undefined = $derived.by(() => {
    const id = place.params.get('view');
    return this.all.find(({ _id }) => _id === id);
  });

  readonly isChanged = $derived.by(
    () => this.current !== undefined && JSON.stringify(lookOf(this.current)) !== JSON.stringify(this.look),
  );

  async load(): Promise<void> {
    try {
      this.all = await Query.list('listListView')
        .filter({ _eq: { _field: 'entity', _value: this.entity } })
        .sort(['name', 'asc'])
        .run();
    } catch {
      // The list works without; the menu shows none.
    }
  }

  show(view: ListView | undefined): void {
    const look: Partial<Look> = view ? lookOf(view) : {};
    place.setSearch(
      {
        where: look.where,
        sort: look.sort,
        columns: look.columns,
        size: look.size,
        from: undefined,
        view: view?._id,
      },
      { push: true },
    );
  }

  async create(name: string, isShared: boolean, statistics: boolean): Promise<void> {
    const view = await api.post('/api/v1/views', {
      body: { name, entity: this.entity, isShared, ...this.input(statistics) },
    });
    await this.load();
    place.setSearch({ view: view._id });
  }

  /** Makes the view what the list is now; gives how to take that back. */
  async update(view: ListView, statistics: boolean): Promise<() => Promise<void>> {
    const { filter, listOptions, sortList, showColumns } = view;
    await this.patch(view, this.input(statistics));
    return () => this.patch(view, { filter, listOptions, sortList, showColumns });
  }

  setShared(view: ListView, isShared: boolean): Promise<void> {
    return this.patch(view, { isShared });
  }

  async remove(view: ListView): Promise<() => Promise<void>> {
    const { name, entity, filter, listOptions, sortList, showColumns, isShared } = view;
    await api.delete('/api/v1/views/{viewsId}', { path: { viewsId: view._id } });
    if (this.current) place.setSearch({ view: undefined });
    await this.load();
    return async () => {
      await api.post('/api/v1/views', {
        body: { name, entity, filter, listOptions, sortList, showColumns, isShared },
      });
      await this.load();
    };
  }

  mayRemove(view: ListView): boolean {
    return view._createdBy === session.login || session.can('manageConfig');
  }

  private async patch(view: ListView, body: object): Promise<void> {
    await api.patch('/api/v1/views/{viewsId}', { path: { viewsId: view._id }, body });
    await this.load();
  }

  private input(statistics: boolean) {
    const { where, sort, columns, size } = this.look;
    const itemsPerPage = ITEMS.find((items) => items >= Number(size)) ?? 30;
    return {
      filter: { where },
      listOptions: { itemsPerPage, listAsGroup: false, autoRefresh: true, statsIsOpen: statistics },
      sortList: sort === '' ? [] : [sort],
      showColumns: columns === '' ? [] : columns.split(',').slice(0, 15),
    };
  }
}
