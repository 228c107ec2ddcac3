/** What can be changed of an organisation, and of which one it cannot. */
import { ADMIN_ORGANISATION } from '../../api/session.svelte';
import type { Organisation } from '../../api/types';

export type OrganisationChange = Partial<
  Pick<Organisation, 'name' | 'description' | 'taskRule' | 'observableRule' | 'locked' | 'avatar'>
>;

/** The platform's own organisation keeps its name and cannot be locked. */
export const isPlatform = ({ name }: Pick<Organisation, 'name'>): boolean => name === ADMIN_ORGANISATION;
