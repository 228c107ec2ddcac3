/**
 * What others change about this person (another organisation, another profile) shows
 * without a new sign-in: at once where the live feed tells, and at the latest when the
 * tab is looked at again, for what was done in an organisation one is not in.
 */
import { events } from '../api/events.svelte';
import { session } from '../api/session.svelte';

const PAUSE = 30_000;

export function followOwnAccount(): () => void {
  let readAt = Date.now();
  const read = (): void => {
    readAt = Date.now();
    // Whoever was locked or deleted learns it from the next request of a page.
    session.refresh().catch(() => undefined);
  };
  const look = (): void => {
    if (document.visibilityState === 'visible' && Date.now() - readAt > PAUSE) read();
  };
  const stop = events.subscribe({ objectTypes: ['User', 'Organisation'] }, ({ objectId }) => {
    const mine = session.organisations.some(({ organisationId }) => organisationId === objectId);
    if (mine || objectId === session.current?.user._id) read();
  });
  document.addEventListener('visibilitychange', look);
  return () => {
    stop();
    document.removeEventListener('visibilitychange', look);
  };
}
