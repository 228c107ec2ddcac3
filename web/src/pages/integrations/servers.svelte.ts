/** The servers of one product: read, looked at, changed and removed. */
import { api } from '../../api/client';
import { mispServers } from '../../api/misp-servers.svelte';
import { messageOf } from '../../api/problem';
import type { Server } from '../../api/types';
import { connectors } from '../../cortex/connector.svelte';
import { toast, toastProblem } from '../../ui/toasts.svelte';
import type { Product } from './products';

const SERVERS = '/api/skep/v1/integration/server';
const SERVER = '/api/skep/v1/integration/server/{serverId}';

export class Servers {
  all = $state.raw<readonly Server[]>();
  problem = $state<string>();
  /** The one that is being looked at. */
  checking = $state<string>();

  constructor(
    readonly product: Product,
    /** Reads what is told beside them, together with them. */
    private readonly readBeside: () => Promise<void> = () => Promise.resolve(),
  ) {}

  find(id: string | undefined): Server | undefined {
    return this.all?.find(({ _id }) => _id === id);
  }

  async load(): Promise<void> {
    try {
      const query = { kind: this.product.kind };
      const [found] = await Promise.all([api.get(SERVERS, { query }), this.readBeside()]);
      this.all = found;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** After a change of one: whoever goes by them has to ask again. */
  async changed(): Promise<void> {
    mispServers.forget();
    connectors.forget();
    await Promise.all([this.load(), connectors.load()]);
  }

  async check({ _id }: Server): Promise<void> {
    this.checking = _id;
    try {
      await api.post(`${SERVER}/_check`, { path: { serverId: _id } });
      await this.changed();
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      this.checking = undefined;
    }
  }

  async remove({ _id, name }: Server): Promise<void> {
    await api.delete(SERVER, { path: { serverId: _id } });
    toast(`${this.product.name} server ${name} removed`);
    await this.changed();
  }
}

/** Who may use a server, in words. */
export function usersOf({ includedOrganisations, excludedOrganisations }: Server): string {
  const included = includedOrganisations.includes('*') ? 'All' : includedOrganisations.join(', ');
  return excludedOrganisations.length === 0
    ? included
    : `${included} but ${excludedOrganisations.join(', ')}`;
}
