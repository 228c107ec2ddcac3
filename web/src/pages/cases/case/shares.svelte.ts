/** With whom a case is shared, and with whom it can be. */
import { api } from '../../../api/client';
import { Query } from '../../../api/query';
import { session } from '../../../api/session.svelte';
import type { OrganisationLink, Share, ShareInput } from '../../../api/types';

const SHARES = '/api/v1/case/{caseId}/shares';

export class Shares {
  list = $state.raw<readonly Share[]>();
  links = $state.raw<readonly OrganisationLink[]>([]);
  profiles = $state.raw<readonly string[]>([]);

  constructor(private readonly caseId: string) {}

  /** Organizations that are linked with ours and have not got the case. */
  get free(): readonly OrganisationLink[] {
    return this.links.filter(
      ({ organisation }) => !this.list?.some((share) => share.organisationName === organisation.name),
    );
  }

  async load(): Promise<void> {
    const orgId = session.current?.organisation._id ?? '';
    const [list, links, profiles] = await Promise.all([
      api.get(SHARES, { path: { caseId: this.caseId } }),
      api.get('/api/v1/organisation/{orgId}/links', { path: { orgId } }),
      Query.list('listProfile').sort(['name', 'asc']).run(),
    ]);
    this.list = list;
    this.links = links;
    this.profiles = profiles.filter(({ type }) => type === 'Organisation').map(({ name }) => name);
  }

  async add(share: ShareInput): Promise<void> {
    this.list = await api.post(SHARES, { path: { caseId: this.caseId }, body: { shares: [share] } });
  }

  async setProfile(share: Share, profile: string): Promise<void> {
    await api.patch('/api/v1/case/share/{shareId}', { path: { shareId: share._id }, body: { profile } });
    await this.reload();
  }

  async remove(share: Share): Promise<void> {
    await api.delete('/api/v1/case/share/{shareId}', { path: { shareId: share._id } });
    await this.reload();
  }

  private async reload(): Promise<void> {
    this.list = await api.get(SHARES, { path: { caseId: this.caseId } });
  }
}
