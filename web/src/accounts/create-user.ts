/** Creates a user with several organisations: the API takes one at creation, the others in a second request. */
import { api } from '../api/client';
import { messageOf } from '../api/problem';
import { Query } from '../api/query';
import type { User, UserType } from '../api/types';
import { inputOf, type Choice } from './memberships';

export interface NewUser {
  type: UserType;
  login: string;
  name: string;
  email: string;
  choices: Choice[];
}

export interface Created {
  user: User;
  /** There was such a user elsewhere, out of sight here: he joined and kept what he had. */
  joined: boolean;
  /** What could not be done, when the user is there but not as asked. */
  unfinished: string | undefined;
}

/** The user of that login, if one is visible here: the API would let him join without a word. */
export async function findUser(login: string): Promise<User | undefined> {
  const _value = login.trim().toLowerCase();
  return Query.list('listUser')
    .filter({ _eq: { _field: 'login', _value } })
    .first();
}

export async function createUser({ type, login, name, email, choices }: NewUser): Promise<Created> {
  const [first, ...more] = choices;
  if (!first) throw new Error('A user needs an organization.');
  const user = await api.post('/api/v1/user', {
    body: {
      type,
      login: login.trim(),
      name: name.trim(),
      ...(email.trim() === '' ? {} : { email: email.trim() }),
      organisation: first.organisationId,
      profile: first.profile,
    },
  });
  const joined = user.organisations.some(({ organisationId }) => organisationId !== first.organisationId);
  if (more.length === 0 || joined) return { user, joined, unfinished: undefined };
  try {
    await api.put('/api/v1/user/{userId}/organisations', {
      path: { userId: user._id },
      body: { organisations: inputOf(choices) },
    });
    return { user, joined, unfinished: undefined };
  } catch (thrown) {
    const unfinished = `${name.trim()} was added to one organization only; the others were refused: ${messageOf(thrown)}`;
    return { user, joined, unfinished };
  }
}
