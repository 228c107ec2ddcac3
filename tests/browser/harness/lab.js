/** The data sheet of the lab, and its state laid out through the API for tests that start later in it. */
import { Api } from './api.js';

export const ADMIN = { login: 'admin@thehive.local', password: 'secret', name: 'Default admin user' };
export const ANALYST = { login: 'analyst@thehive.local', password: 'Analyst-2026', name: 'Analyst' };
export const READER = { login: 'reader@thehive.local', password: 'Reader-2026', name: 'Rita Reader' };

export const ORGANISATION = {
  name: 'Information Security Analyst',
  description: 'Analysts who triage and resolve security tickets',
};

export const CASE = {
  title: 'Phishing email reported by Finance',
  tags: ['phishing', 'email'],
  description:
    'A user in Finance reported an email that asks to confirm a payment through a link. ' +
    'Find out who received it, whether anyone followed the link, and contain it.',
};

export const TASKS = [
  'Review the reported email',
  'Identify affected users and block the sender',
  'Reset credentials and notify users',
];

export const COMMENT = 'Handing over to Analyst: on-call until Friday. Mailbox export is with IT.';

export const LOGS = [
  'Header check failed SPF and DKIM; link points to a look-alike domain. Verdict: phishing.',
  'Search found 4 recipients, 1 click. Sender and domain blocked at the gateway.',
  'Password of the one user who clicked was reset, sessions ended, all 4 informed.',
];

export const SUMMARY =
  'Confirmed phishing. One click, no credential use seen. Sender blocked, account reset, users informed.';

/** Who asks the API: the bootstrap administrator, the same in the analysts' organisation, the analyst. */
export function askers(url) {
  return {
    platform: new Api(url, ADMIN),
    admin: new Api(url, ADMIN, ORGANISATION.name),
    analyst: new Api(url, ANALYST, ORGANISATION.name),
    reader: new Api(url, READER, ORGANISATION.name),
  };
}

/** Parts B of the lab, and a reader besides: the organisation and its people. */
export async function provision(url) {
  const ask = askers(url);
  const member = (organisation, profile) => ({ organisation, profile, default: organisation === 'admin' });
  await ask.platform.post('/api/v1/organisation', ORGANISATION);
  for (const [user, profile] of [
    [ANALYST, 'analyst'],
    [READER, 'read-only'],
  ]) {
    await ask.platform.post('/api/v1/user', { ...user, organisation: ORGANISATION.name, profile });
  }
  await ask.platform.put(`/api/v1/user/${ADMIN.login}/organisations`, {
    organisations: [member('admin', 'admin'), member(ORGANISATION.name, 'analyst')],
  });
  return ask;
}

/** The case of the lab with its three tasks, as C6 leaves it; `change` for another beginning. */
export function createCase(api, change = {}) {
  const tasks = TASKS.map((title) => ({ title, group: 'default' }));
  return api.post('/api/v1/case', { ...CASE, tasks, ...change });
}

/** The tasks of a case in their order. */
export function tasksOf(api, number) {
  return api.query(
    { _name: 'getCase', idOrName: String(number) },
    { _name: 'tasks' },
    { _name: 'sort', _fields: [{ order: 'asc' }] },
  );
}
