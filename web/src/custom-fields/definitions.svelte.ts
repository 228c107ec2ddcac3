/** The custom fields that the platform has, read once and again when they change. */
import { api } from '../api/client';
import { events } from '../api/events.svelte';
import type { CustomField } from '../api/types';

class Definitions {
  all = $state.raw<readonly CustomField[]>([]);
  private loading: Promise<void> | undefined;
  private readonly byName = $derived(new Map(this.all.map((field) => [field.name, field])));

  /** Reads them unless they are there already. */
  load(): Promise<void> {
    this.loading ??= this.read().catch(() => {
      // Whoever needs them next asks again.
      this.loading = undefined;
    });
    return this.loading;
  }

  /** Reads them, and again when somebody changes one; returns how to stop. */
  follow(): () => void {
    void this.load();
    return events.subscribe({ objectTypes: ['CustomField'] }, () => void this.read().catch(() => undefined));
  }

  find(name: string): CustomField | undefined {
    return this.byName.get(name);
  }

  private async read(): Promise<void> {
    this.all = await api.get('/api/v1/customField');
  }
}

export const definitions = new Definitions();
