/** Creating a case from anywhere: the top bar, a key, the palette, an empty list. */
import { session } from '../api/session.svelte';
import { place } from '../location.svelte';
import { exists } from '../routes';

/** The organisation that runs the platform holds no cases. */
export const mayCreateCase = (): boolean =>
  !session.isAdminOrganisation && session.can('manageCase/create') && exists('/cases');

/** Opens the drawer over whatever page there is. */
export const createCase = (): void => place.openDrawer('new-case');
