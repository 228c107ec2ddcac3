/** What can be counted: the models that the server describes, read once. */
import { caseStatusWords } from '../api/case-statuses.svelte';
import { api } from '../api/client';
import { people } from '../api/people.svelte';
import type { EntityDescription } from '../api/types';
import { words } from '../lists/fields';
import type { Option } from '../ui/options';

type Attribute = EntityDescription['attributes'][number];

/** Those that people make figures of, in the order in which they are offered. */
const OFFERED = ['case', 'alert', 'observable', 'task', 'log', 'procedure', 'comment'];
const LABELS: Readonly<Record<string, string>> = {
  case: 'Cases',
  alert: 'Alerts',
  observable: 'Observables',
  task: 'Tasks',
  log: 'Task logs',
  procedure: 'TTPs',
  comment: 'Comments',
};

class Models {
  private all = $state.raw<Readonly<Record<string, EntityDescription>>>({});
  private loading: Promise<void> | undefined;

  /** Waits until they are there; a failure is tried again by who asks next. */
  load(): Promise<void> {
    this.loading ??= api.get('/api/v1/describe/_all').then(
      (all) => {
        this.all = all;
      },
      (thrown: unknown) => {
        this.loading = undefined;
        throw thrown;
      },
    );
    return this.loading;
  }

  of(model: string): EntityDescription | undefined {
    return this.all[model];
  }

  /** The models to choose from. */
  get offered(): Option[] {
    return OFFERED.filter((model) => this.all[model]).map((model) => ({
      value: model,
      label: LABELS[model] ?? words(model),
    }));
  }

  attributes(model: string, fits: (attribute: Attribute) => boolean): Option[] {
    return (this.all[model]?.attributes ?? [])
      .filter(fits)
      .map(({ name }) => ({ value: name, label: fieldLabel(name) }));
  }

  /** A value of a field in words. */
  valueLabel(model: string, field: string, value: string): string {
    const attribute = this.all[model]?.attributes.find(({ name }) => name === field);
    if (field === 'status') return caseStatusWords(value);
    if (attribute?.type === 'user') return people.name(value);
    const at = attribute?.values?.findIndex((known) => String(known) === value) ?? -1;
    const label = at < 0 ? undefined : attribute?.labels?.[at];
    if (label !== undefined) return words(label);
    if (attribute?.type === 'boolean') return value === 'true' ? 'Yes' : 'No';
    return attribute?.type === 'enumeration' ? words(value) : value;
  }
}

export const models = new Models();

/** `_createdAt` is "Created at", `timeToDetectInHours` "Time to detect in hours". */
export function fieldLabel(name: string): string {
  const spaced = name
    .replace(/^_/, '')
    .replace(/^customFields\./, '')
    .replace(
      /([a-z])([A-Z])/g,
      (_whole, before: string, after: string) => `${before} ${after.toLowerCase()}`,
    );
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
