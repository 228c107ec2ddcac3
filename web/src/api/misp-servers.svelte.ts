/** The MISP servers that the current organisation may use, read once and on demand. */
import { api } from './client';
import type { MispServerStatus } from './types';

class MispServers {
  private byName = $state.raw<Readonly<Record<string, MispServerStatus>>>({});
  private loading: Promise<void> | undefined;

  /** The names of those that take cases. */
  get taking(): string[] {
    return Object.entries(this.byName)
      .filter(([, { purpose }]) => purpose !== 'ImportOnly')
      .map(([name]) => name);
  }

  /** Reads them unless they are there already. */
  load(): Promise<void> {
    this.loading ??= this.read().catch(() => {
      // Without them nothing is offered; the next page asks again.
      this.loading = undefined;
    });
    return this.loading;
  }

  /** After a change of organisation or of a server. */
  forget(): void {
    this.loading = undefined;
    this.byName = {};
  }

  private async read(): Promise<void> {
    this.byName = (await api.get('/api/v1/connector/misp/status')).status;
  }
}

export const mispServers = new MispServers();
