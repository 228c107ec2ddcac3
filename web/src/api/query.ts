/**
 * A typed builder for `POST /api/v1/query`: a start operation, traversals, one
 * filter, one sort, and an end (page, count or aggregation).
 */
import { send, type RequestOptions } from './client';
import type { PathWith, Schemas } from './paths';

const QUERY = '/api/v1/query' satisfies PathWith<'post'>;

type Operations = Schemas['QueryOperations'];
type Start = Operations['Start'];

/** A kind of entity, as in `_type`. */
export type Kind = Exclude<keyof Operations, 'Start'>;
/** What an operation that gives `G` (a kind or a plain value) answers in each row. */
type RowOf<G> = G extends Kind ? Schemas[`Output${G}`] : G;
type KindOf<G> = G extends Kind ? G : never;
/** The operations that lead on from entities of a kind, and what they give. */
type Onward<K> = K extends Kind ? keyof Operations[K] & string : never;
type After<K, N> = K extends Kind ? (N extends keyof Operations[K] ? Operations[K][N] : never) : never;

export type Scalar = string | number | boolean;

/** A relative date, computed by the server at the moment of the query. */
export interface RelativeDate {
  amount: number;
  unit: 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';
  look: 'behind' | 'ahead';
  modifier?: 'startOfDay' | 'endOfDay';
  timezone?: string;
}

type Comparison = { _field: string; _value: Scalar | RelativeDate };

export type Filter =
  | { _and: Filter[] }
  | { _or: Filter[] }
  | { _not: Filter }
  | { _any: null }
  | { _eq: Comparison }
  | { _ne: Comparison }
  | { _lt: Comparison }
  | { _lte: Comparison }
  | { _gt: Comparison }
  | { _gte: Comparison }
  | { _like: Comparison }
  | { _match: Comparison }
  | { _startsWith: Comparison }
  | { _endsWith: Comparison }
  | { _between: { _field: string; _from: Scalar | RelativeDate; _to: Scalar | RelativeDate } }
  | { _in: { _field: string; _values: Scalar[] } }
  | { _has: string }
  | { _id: string };

export type Direction = 'asc' | 'desc';

export interface Operation {
  _name: string;
  [parameter: string]: unknown;
}

export type Aggregation =
  | { _agg: 'count'; _name?: string }
  | { _agg: 'sum' | 'avg' | 'min' | 'max'; _field: string; _name?: string }
  | { _agg: 'field'; _field: string; _size?: number; _order?: string; _select: Aggregation[] }
  | { _agg: 'time'; _fields: string[]; _interval: string; _select: Aggregation[] };

export interface Page<T> {
  rows: T[];
  total: number;
}

export class Query<Row = unknown, K extends Kind = Kind> {
  readonly operations: readonly Operation[];

  private constructor(operations: readonly Operation[]) {
    this.operations = operations;
  }

  /** Starts from every visible entity, e.g. `Query.list('listCase')`. */
  static list<N extends keyof Start>(
    name: N,
    parameters: Readonly<Record<string, Scalar>> = {},
  ): Query<RowOf<Start[N]>, KindOf<Start[N]>> {
    return new Query([{ _name: name, ...parameters }]);
  }

  /** Starts from one entity, e.g. `Query.get('getCase', '12')`. */
  static get<N extends keyof Start & `get${string}`>(
    name: N,
    idOrName: string,
  ): Query<RowOf<Start[N]>, KindOf<Start[N]>> {
    return new Query([{ _name: name, idOrName }]);
  }

  /** Leads on to other entities, or to values, e.g. `tasks` from cases. */
  then<N extends Onward<K>>(
    name: N,
    parameters: Readonly<Record<string, unknown>> = {},
  ): Query<RowOf<After<K, N>>, KindOf<After<K, N>>> {
    return new Query([...this.operations, { _name: name, ...parameters }]);
  }

  filter(filter: Filter | undefined): Query<Row, K> {
    return filter ? this.with('filter', filter) : this;
  }

  sort(...fields: [field: string, direction: Direction][]): Query<Row, K> {
    if (fields.length === 0) return this;
    const list = fields.map(([field, direction]) => ({ [field]: direction }));
    return this.with('sort', { _fields: list });
  }

  page(from: number, to: number, extraData: readonly string[] = []): Query<Row, K> {
    return this.with('page', { from, to, extraData });
  }

  /** Texts without their text, e.g. the pages of a tree. */
  headers(from: number, to: number): Query<Omit<Row, 'content'>, K> {
    return new Query([...this.operations, { _name: 'headerPage', from, to }]);
  }

  /** The entities. */
  async run(options: RequestOptions = {}): Promise<Row[]> {
    return (await this.post<Row[]>(options)).body;
  }

  /** The entities, with nothing but these properties: for many rows of which little is shown. */
  async pick<F extends keyof Row & string>(
    fields: readonly F[],
    options: RequestOptions = {},
  ): Promise<Pick<Row, F>[]> {
    const body = { query: this.operations, includeFields: fields };
    return (await send<Pick<Row, F>[]>(QUERY, { ...options, method: 'POST', body })).body;
  }

  /** One entity, or undefined when it does not exist or is not visible here. */
  async first(options: RequestOptions = {}): Promise<Row | undefined> {
    return (await this.run(options))[0];
  }

  /** The answer of an operation that gives one value and no list, e.g. `similarCaseCount`. */
  async value(options: RequestOptions = {}): Promise<Row> {
    return (await this.post<Row>(options)).body;
  }

  /** A page of entities and how many there are in all. */
  async runPage(
    from: number,
    to: number,
    extraData: readonly string[] = [],
    options: RequestOptions = {},
  ): Promise<Page<Row>> {
    const { body: rows, headers } = await this.page(from, to, [...extraData, 'total']).post<Row[]>(options);
    const total = headers.get('X-Total');
    return { rows, total: total === null ? await this.count(options) : Number(total) };
  }

  async count(options: RequestOptions = {}): Promise<number> {
    return (await this.with('count', {}).post<number>(options)).body;
  }

  /** How many there are, but not beyond `most`: quick where there are very many. */
  async countUpTo(most: number, options: RequestOptions = {}): Promise<number> {
    return (await this.with('limitedCount', { threshold: most }).post<number>(options)).body;
  }

  async aggregate<T>(aggregation: Aggregation, options: RequestOptions = {}): Promise<T> {
    return (await this.with('aggregation', aggregation).post<T>(options)).body;
  }

  private with(name: string, parameters: object): Query<Row, K> {
    return new Query([...this.operations, { _name: name, ...parameters }]);
  }

  private post<T>(options: RequestOptions) {
    return send<T>(QUERY, { ...options, method: 'POST', body: { query: this.operations } });
  }
}

/** Joins filters; leaves out the empty ones, undefined when none is left. */
export function all(...filters: (Filter | undefined)[]): Filter | undefined {
  const present = filters.filter((filter) => filter !== undefined);
  return present.length <= 1 ? present[0] : { _and: present };
}
