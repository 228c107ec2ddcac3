/**
 * What makes one list differ from another. Each entity has a file with one of
 * these beside its page; `EntityList.svelte` does the rest.
 */
import type { Filter, Query } from '../api/query';
import type { EntityDescription } from '../api/types';
import type { Option } from '../ui/options';
import type { Condition, Conditions, Operator } from './conditions';
import type { Sort } from './sorting';

/** What filtering has to know of a field. */
export type Attribute = Pick<
  EntityDescription['attributes'][number],
  'name' | 'type' | 'cardinality' | 'values' | 'labels'
>;

/** The least a row must have. */
export interface Listable {
  _id: string;
}

export interface Column {
  id: string;
  label: string;
  /** The field to sort by; without it the header is plain text. */
  sort?: string;
  /** CSS width; one column should have none and takes the rest. */
  width?: string;
  /** Hidden while the list is narrower than this (in px). */
  from?: number;
  /** Longer words for the header's tooltip. */
  hint?: string;
}

/** A field to filter by. What `describe` says of it (values, labels) comes on top. */
export interface FilterField extends Pick<Attribute, 'name' | 'type' | 'values'> {
  label: string;
  cardinality?: Attribute['cardinality'];
  /** In place of those that its type allows. */
  operators?: readonly Operator[];
  /** What can be chosen; default: the described values, or the people for a user field. */
  options?: () => Option[];
}

export interface QuickFilter {
  label: string;
  conditions: () => Conditions;
}

/** A distribution in the statistics strip; its slices filter the list. */
export interface Statistic {
  title: string;
  field: string;
  /** Words for a value; default: the field's own labels. */
  label?: (value: string) => string;
  /** A CSS custom property by value, e.g. `--stage-new`. */
  colour?: (value: string) => string;
  /** The condition a click adds; default: field, any of, value. */
  condition?: (value: string) => Condition;
}

export interface ListDefinition<Row extends Listable> {
  /** Names it in storage: sort, page size and statistics switch are remembered per entity. */
  entity: string;
  /** `organization`, `organizations`: in empty states and announcements. */
  noun: { one: string; many: string };
  /** The model of `GET /api/v1/describe/{model}`. */
  model: string;
  /** `objectType` of the live events. */
  objectType: string;
  /** Kinds of objects within a row (its root) whose events change what the row shows. */
  within?: readonly string[];
  /** The case whose events count; without it those of all that can be seen. */
  rootId?: string;
  start: () => Query<Row>;
  /** Gives all rows at once, in their order, where no query gives them page by page. */
  read?: (filter: Filter | undefined, signal: AbortSignal) => Promise<readonly Row[]>;
  extraData?: readonly string[];
  columns: readonly Column[];
  fields: readonly FilterField[];
  defaultSort: Sort;
  /** By the field that is sorted by: what orders rows that are equal in it. The server has an index for such a pair. */
  ties?: Readonly<Record<string, Sort>>;
  /** All that the list can be sorted by, for a menu; columns that are hidden on small screens included. */
  sorts?: readonly { field: string; label: string }[];
  quickFilters?: readonly QuickFilter[];
  statistics?: readonly Statistic[];
  /** The accessible name of the `+`; without it there is none. */
  addLabel?: string;
  /** What to say of a list that has nothing at all. */
  emptyText?: string;
  /** How a row is called, for the names of its checkbox and eye. */
  nameOf: (row: Row) => string;
  /** Where Enter goes; without it Enter opens the preview. */
  hrefOf?: (row: Row) => string;
}
