/** Who an alert of the current organisation can be given to. */
import { people } from '../api/people.svelte';
import type { Option } from '../ui/options';

/** The people who may work on alerts here; empty until `people.load()` has read them. */
export const assignableToAlerts = (): Option[] =>
  people.all
    .filter(({ locked, permissions }) => !locked && permissions?.includes('manageAlert/update'))
    .map(({ login, name }) => ({ value: login, label: name, detail: login }));
