/** Who changed something, in words that also fit when it was oneself: in another tab, or by the API. */
import { people } from './people.svelte';
import { session } from './session.svelte';

export function changerWords(login: string | undefined): string | undefined {
  if (login === undefined) return undefined;
  return login === session.login ? 'you elsewhere' : people.name(login);
}
