/** Whether there is a Cortex to ask, and how it is: what the server says of its connectors. */
import { api } from '../api/client';

export interface ConnectorServer {
  name: string;
  version: string;
  status: 'OK' | 'AUTH_ERROR' | 'ERROR';
}

interface ConnectorStatus {
  enabled: boolean;
  status: 'OK' | 'WARNING' | 'ERROR';
  servers: ConnectorServer[];
}

/** Asked again after this long; who looks at a page all day sees a server that goes away. */
const FRESH_MS = 60_000;

class Connectors {
  private known = $state.raw<Record<string, ConnectorStatus>>({});
  private readAt = 0;
  private reading: Promise<void> | undefined;

  get cortex(): ConnectorStatus | undefined {
    return this.known['cortex'];
  }

  get hasCortex(): boolean {
    return this.cortex?.enabled === true;
  }

  /** Those that cannot be used now, of all kinds. */
  get failing(): (ConnectorServer & { kind: string })[] {
    return Object.entries(this.known).flatMap(([kind, { servers }]) =>
      servers.filter(({ status }) => status !== 'OK').map((server) => ({ ...server, kind })),
    );
  }

  /** Reads it unless it was read just now. */
  load(): Promise<void> {
    if (Date.now() - this.readAt < FRESH_MS) return Promise.resolve();
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** After a change of a server. */
  forget(): void {
    this.readAt = 0;
  }

  private async read(): Promise<void> {
    try {
      const status = await api.get('/api/v1/status');
      this.known = status['connectors'] as Record<string, ConnectorStatus>;
      this.readAt = Date.now();
    } catch {
      // What it would add is left out; the next page asks again.
    }
  }
}

export const connectors = new Connectors();
