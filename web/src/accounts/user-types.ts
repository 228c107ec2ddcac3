/** The kinds of users that can be made. External users need the portal, which is not here yet. */
import type { UserType } from '../api/types';

export const USER_TYPES: readonly { value: UserType; label: string }[] = [
  { value: 'Normal', label: 'Normal' },
  { value: 'Service', label: 'Service' },
];

export const USER_TYPE_HINTS: Readonly<Record<UserType, string>> = {
  Normal: 'A person, who signs in with a password.',
  Service: 'A program: it has an API key and no password.',
  External: 'A person outside, who may use the portal only.',
};
