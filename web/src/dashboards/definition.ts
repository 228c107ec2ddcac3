/**
 * What a dashboard is made of: rows of widgets, over a period. The server keeps it as
 * it comes (`docs/dashboards.md`), and other programs write it too: reading leaves out
 * what makes no sense here. Pure.
 */
import type { Filter } from '../api/query';

export const KINDS = ['counter', 'donut', 'bar', 'line', 'multiline', 'radar', 'table', 'text'] as const;
export type WidgetKind = (typeof KINDS)[number];

export const KIND_LABELS: Readonly<Record<WidgetKind, string>> = {
  counter: 'Counter',
  donut: 'Donut',
  bar: 'Bars',
  line: 'Line',
  multiline: 'Lines of several kinds',
  radar: 'Radar',
  table: 'Table',
  text: 'Text',
};

export interface Computation {
  _agg: 'count' | 'sum' | 'avg' | 'min' | 'max';
  _field?: string;
}

/** One line of a chart; what it does not say itself is said by the widget. */
export interface Series {
  label: string;
  entity?: string;
  dateField?: string;
  filter?: Filter;
  aggregation?: Computation;
}

export interface Options {
  title: string;
  /** A model of `describe`: `case`, `alert`… */
  entity?: string;
  /** What the period is about; without it, the period does not matter. */
  dateField?: string;
  /** What to group by. */
  field?: string;
  /** `1d`, `1w`…, or `auto`: by time. */
  interval?: string;
  /** How many groups or rows. */
  size?: number;
  filter?: Filter;
  aggregation?: Computation;
  series?: Series[];
  /** Words and colours by value. */
  names?: Record<string, string>;
  colours?: Record<string, string>;
  /** The columns of a table. */
  columns?: string[];
  /** The order of a table: `-_createdAt`. */
  sort?: string;
  /** Markdown. */
  text?: string;
  /** How much of its row it takes, beside the others: 1 to 3. */
  width?: number;
}

export interface Widget {
  type: WidgetKind;
  id: string;
  options: Options;
}

export interface Row {
  type: 'container';
  items: Widget[];
}

export interface Definition {
  period: string;
  customPeriod?: { fromDate: number; toDate: number };
  items: Row[];
}

export const ROW_MOST = 4;
const WIDTH_MOST = 3;

type Loose = Record<string, unknown>;
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The definition, whoever wrote it. */
export function read(definition: unknown): Definition {
  const loose = isObject(definition) ? definition : {};
  const custom = isObject(loose.customPeriod) ? loose.customPeriod : undefined;
  const taken = new Set<string>();
  const items = list(loose.items).flatMap((row): Row[] => {
    if (!isObject(row)) return [];
    const widgets = list(row.items).flatMap((widget) => readWidget(widget, taken));
    return widgets.length === 0 ? [] : [{ type: 'container', items: widgets }];
  });
  return {
    period: typeof loose.period === 'string' ? loose.period : 'last30Days',
    ...(custom && typeof custom.fromDate === 'number' && typeof custom.toDate === 'number'
      ? { customPeriod: { fromDate: custom.fromDate, toDate: custom.toDate } }
      : {}),
    items,
  };
}

function readWidget(widget: unknown, taken: Set<string>): Widget[] {
  if (!isObject(widget)) return [];
  const type = KINDS.find((kind) => kind === widget.type);
  if (!type) return [];
  const options = isObject(widget.options) ? widget.options : {};
  const asked = typeof widget.id === 'string' ? widget.id : '';
  const id = asked === '' || taken.has(asked) ? freshId(taken) : asked;
  taken.add(id);
  const title = typeof options.title === 'string' ? options.title : KIND_LABELS[type];
  return [{ type, id, options: { ...(options as Partial<Options>), title } }];
}

function freshId(taken: ReadonlySet<string>): string {
  let number = taken.size + 1;
  while (taken.has(`w${String(number)}`)) number += 1;
  return `w${String(number)}`;
}

const widgets = ({ items }: Definition): Widget[] => items.flatMap((row) => row.items);

export const countWidgets = (definition: unknown): number => widgets(read(definition)).length;

/** What a new widget of a kind begins with: something that shows a picture at once. */
function beginning(type: WidgetKind): Options {
  const title = KIND_LABELS[type];
  const cases = { entity: 'case', dateField: '_createdAt' };
  switch (type) {
    case 'counter':
      return { title: 'Cases created', ...cases };
    case 'donut':
    case 'radar':
      return { title: 'Cases by severity', ...cases, field: 'severity' };
    case 'bar':
      return { title: 'Cases by tag', ...cases, field: 'tags', size: 10 };
    case 'line':
      return { title: 'Cases over time', ...cases, interval: 'auto' };
    case 'multiline':
      return {
        title: 'Created and closed',
        interval: 'auto',
        series: [
          { label: 'Created', entity: 'case', dateField: '_createdAt' },
          { label: 'Closed', entity: 'case', dateField: 'closedDate' },
        ],
      };
    case 'table':
      return {
        title: 'Newest cases',
        ...cases,
        columns: ['number', 'title', 'severity', 'status'],
        sort: '-_createdAt',
        size: 10,
      };
    case 'text':
      return { title, text: 'Write **Markdown** here.' };
  }
}

/** Each change gives a new definition: the old ones are what undo goes back to. */
export function add(definition: Definition, type: WidgetKind): { definition: Definition; id: string } {
  const id = freshId(new Set(widgets(definition).map((widget) => widget.id)));
  const widget: Widget = { type, id, options: beginning(type) };
  const last = definition.items.at(-1);
  const fits = last && last.items.length < 3;
  const items: Row[] = fits
    ? [...definition.items.slice(0, -1), { ...last, items: [...last.items, widget] }]
    : [...definition.items, { type: 'container', items: [widget] }];
  return { definition: { ...definition, items }, id };
}

export function replace(definition: Definition, id: string, change: (widget: Widget) => Widget): Definition {
  const items = definition.items.map((row) => ({
    ...row,
    items: row.items.map((widget) => (widget.id === id ? change(widget) : widget)),
  }));
  return { ...definition, items };
}

export function remove(definition: Definition, id: string): Definition {
  const items = definition.items
    .map((row) => ({ ...row, items: row.items.filter((widget) => widget.id !== id) }))
    .filter((row) => row.items.length > 0);
  return { ...definition, items };
}

export function resize(definition: Definition, id: string, by: 1 | -1): Definition {
  return replace(definition, id, (widget) => {
    const width = Math.max(1, Math.min(WIDTH_MOST, (widget.options.width ?? 1) + by));
    return { ...widget, options: { ...widget.options, width } };
  });
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Within its row, or to the row above or below; past the last there is a new row. */
export function move(definition: Definition, id: string, direction: Direction): Definition {
  const at = definition.items.findIndex((row) => row.items.some((widget) => widget.id === id));
  const row = definition.items[at];
  if (!row) return definition;
  const place = row.items.findIndex((widget) => widget.id === id);
  const widget = row.items[place];
  if (!widget) return definition;
  if (direction === 'left' || direction === 'right') {
    const to = place + (direction === 'left' ? -1 : 1);
    if (to < 0 || to >= row.items.length) return definition;
    const items = row.items.filter((other) => other.id !== id);
    items.splice(to, 0, widget);
    return {
      ...definition,
      items: definition.items.map((other) => (other === row ? { ...row, items } : other)),
    };
  }
  const alone = row.items.length === 1;
  const rows = definition.items.map((other) => ({
    ...other,
    items: other.items.filter((one) => one.id !== id),
  }));
  const to = at + (direction === 'up' ? -1 : 1);
  const target = rows[to];
  if (target && target.items.length < ROW_MOST) target.items.push(widget);
  else if (alone && !target) return definition;
  else rows.splice(direction === 'up' ? at : at + 1, 0, { type: 'container', items: [widget] });
  return { ...definition, items: rows.filter((other) => other.items.length > 0) };
}
