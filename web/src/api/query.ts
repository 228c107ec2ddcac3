/**
 * A typed builder for `POST /api/v1/query`: a start operation, traversals, one
 * filter, one sort, and an end (page, count or aggregation).
 */
import { send, type RequestOptions } from './client';

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

export class Query {
  readonly operations: readonly Operation[];

  private constructor(operations: readonly Operation[]) {
    this.operations = operations;
  }

  /** Starts from every visible entity, e.g. `Query.list('listCase')`. */
  static list(name: string): Query {
    return new Query([{ _name: name }]);
  }

  /** Starts from one entity, e.g. `Query.get('getCase', '12')`. */
  static get(name: string, idOrName: string): Query {
    return new Query([{ _name: name, idOrName }]);
  }

  /** A traversal or any other operation without a method of its own here. */
  then(name: string, parameters: Record<string, unknown> = {}): Query {
    return new Query([...this.operations, { _name: name, ...parameters }]);
  }

  filter(filter: Filter | undefined): Query {
    return filter ? new Query([...this.operations, { _name: 'filter', ...filter }]) : this;
  }

  sort(...fields: [field: string, direction: Direction][]): Query {
    if (fields.length === 0) return this;
    const list = fields.map(([field, direction]) => ({ [field]: direction }));
    return this.then('sort', { _fields: list });
  }

  page(from: number, to: number, extraData: readonly string[] = []): Query {
    return this.then('page', { from, to, extraData });
  }

  /** The entities. */
  async run<T>(options: RequestOptions = {}): Promise<T[]> {
    return (await this.post<T[]>(options)).body;
  }

  /** One entity, or undefined when it does not exist or is not visible here. */
  async first<T>(options: RequestOptions = {}): Promise<T | undefined> {
    return (await this.run<T>(options))[0];
  }

  /** A page of entities and how many there are in all. */
  async runPage<T>(
    from: number,
    to: number,
    extraData: readonly string[] = [],
    options: RequestOptions = {},
  ): Promise<Page<T>> {
    const { body: rows, headers } = await this.page(from, to, [...extraData, 'total']).post<T[]>(options);
    const total = headers.get('X-Total');
    return { rows, total: total === null ? await this.count(options) : Number(total) };
  }

  async count(options: RequestOptions = {}): Promise<number> {
    return (await this.then('count').post<number>(options)).body;
  }

  async aggregate<T>(aggregation: Aggregation, options: RequestOptions = {}): Promise<T> {
    return (await this.then('aggregation', { ...aggregation }).post<T>(options)).body;
  }

  private post<T>(options: RequestOptions) {
    return send<T>('/api/v1/query', { ...options, method: 'POST', body: { query: this.operations } });
  }
}

/** Joins filters; leaves out the empty ones, undefined when none is left. */
export function all(...filters: (Filter | undefined)[]): Filter | undefined {
  const present = filters.filter((filter) => filter !== undefined);
  return present.length <= 1 ? present[0] : { _and: present };
}
