/** One organisation on screen: read, kept up to date by the live feed, and changed. */
import { api } from '../../api/client';
import { events } from '../../api/events.svelte';
import { messageOf } from '../../api/problem';
import { session } from '../../api/session.svelte';
import type { Organisation } from '../../api/types';
import type { OrganisationChange } from './change';

const ORGANISATION = '/api/v1/organisation/{orgId}';

export class OrganisationState {
  value = $state.raw<Organisation>();
  problem = $state<string>();

  constructor(
    private readonly id: string,
    private readonly onchanged: () => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Reads it and follows it; returns how to stop. */
  follow(): () => void {
    void this.read();
    return events.subscribe({ objectTypes: ['Organisation'], objectId: this.id }, () => void this.read());
  }

  readonly patch = async (change: OrganisationChange): Promise<void> => {
    await api.patch(ORGANISATION, { path: { orgId: this.id }, body: change });
    const isMine = session.organisations.some(({ organisationId }) => organisationId === this.id);
    await Promise.all([this.read(), this.onchanged(), isMine ? session.refresh() : undefined]);
  };

  private async read(): Promise<void> {
    try {
      this.value = await api.get(ORGANISATION, { path: { orgId: this.id } });
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }
}
