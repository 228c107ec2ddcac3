/** What was found, as a line: how it is called, where it belongs, and where it is shown. Pure. */
import { defang } from '../../observables/words';
import { exists } from '../../routes';

export interface Hit {
  title: string;
  where: string;
  at: number;
  href: string | undefined;
}

type Loose = Record<string, unknown>;

const LABELS: Readonly<Record<string, string>> = {
  Case: 'Cases',
  Alert: 'Alerts',
  Observable: 'Observables',
  Task: 'Tasks',
  Log: 'Task logs',
  Comment: 'Comments',
  Procedure: 'TTPs',
  Page: 'Pages',
  CustomEvent: 'Custom events',
  Attachment: 'Attachments',
  User: 'Users',
  Organisation: 'Organizations',
  Dashboard: 'Dashboards',
  Pattern: 'Techniques',
};

/** A kind in words: `Case` is "Cases", `CaseTemplate` "Case template". */
export function kindLabel(kind: string): string {
  const spaced = kind.replace(/([a-z])([A-Z])/g, (_whole, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return LABELS[kind] ?? spaced;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const inside = (value: unknown, name: string): Loose => {
  const found = typeof value === 'object' && value !== null ? (value as Loose)[name] : undefined;
  return typeof found === 'object' && found !== null ? (found as Loose) : {};
};

const EXCERPT = 160;

export function hitOf(kind: string, entity: Loose): Hit {
  const extra = inside(entity, 'extraData');
  const links = inside(extra, 'links');
  const parent = [extra.case, links.case, links.alert]
    .map((one) => (one ?? {}) as Loose)
    .find((one) => '_id' in one);
  const number = typeof entity.number === 'number' ? `#${String(entity.number)} - ` : '';
  const named = ['title', 'name', 'data', 'message', 'content']
    .map((name) => text(entity[name]))
    .find((one) => one !== '');
  const where =
    parent === undefined
      ? text(entity.login)
      : typeof parent.number === 'number'
        ? `#${String(parent.number)} - ${text(parent.title)}`
        : text(parent.title);
  const at = [entity._createdAt, entity.createdAt].find((one) => typeof one === 'number');
  const href = hrefOf(kind, entity, extra, parent);
  const called = kind === 'Observable' && named !== undefined ? defang(text(entity.dataType), named) : named;
  return {
    title: number + (called ?? text(entity._id)).slice(0, EXCERPT),
    where,
    at: at ?? 0,
    href: href !== undefined && exists(href) ? href : undefined,
  };
}

function hrefOf(kind: string, entity: Loose, extra: Loose, parent: Loose | undefined): string | undefined {
  const id = text(entity._id);
  switch (kind) {
    case 'Case':
      return `/cases/${String(entity.number as number)}`;
    case 'Alert':
      return `/alerts/${id}`;
    case 'Task':
      return `/tasks/${id}`;
    case 'Dashboard':
      return `/dashboards/${id}`;
    case 'Observable':
      return exists(`/observables/${id}`) ? `/observables/${id}` : parentHref(parent);
    case 'Log': {
      const task = text(inside(extra, 'task')._id);
      return task === '' ? parentHref(parent) : `/tasks/${task}`;
    }
    default:
      return parentHref(parent);
  }
}

function parentHref(parent: Loose | undefined): string | undefined {
  if (parent === undefined) return undefined;
  return typeof parent.number === 'number'
    ? `/cases/${String(parent.number)}`
    : `/alerts/${text(parent._id)}`;
}
