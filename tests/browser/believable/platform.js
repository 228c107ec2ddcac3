/** A platform as it looks after some months: organisations, people, a profile of one's own. */
import { ANALYST, ORGANISATION, provision } from '../harness/lab.js';

const ORGANISATIONS = [
  ['Northwind Logistics', 'Security operations of the logistics group, with its depots in nine countries'],
  ['Stadtwerke Mittelrhein', 'Water, power and heat; reports to the national authority within 24 hours'],
  ['المستشفى المركزي', 'Hospital with three sites 🏥; looked after by the analysts of the holding'],
  [
    'Department of Transport, Directorate for Information Resilience',
    'A name as long as they are in public administration, to see what a list makes of it',
  ],
  ['Harbour Insurance', 'Was a customer until last year'],
];

export const PEOPLE = [
  ['amira.haddad@example.org', 'Amira Haddad', 'analyst'],
  ['tom.becker@example.org', 'Tom Becker', 'analyst'],
  ['yuki.tanaka@example.org', 'Yuki Tanaka', 'analyst'],
  ['priya.raman@example.org', 'Priya Raman', 'org-admin'],
  ['noam.levi@example.org', 'נועם לוי', 'analyst'],
  [
    'maximiliane.von-und-zu-hohenlohe-waldenburg@security-operations.example.org',
    'Maximiliane von und zu Hohenlohe-Waldenburg',
    'read-only',
  ],
];

const MAIL_GATEWAY = 'mail-gateway@example.org';

/** Lays out the platform; gives who may be asked. `pictures` are portraits in base 64. */
export async function layOutPlatform(url, pictures) {
  const ask = await provision(url);
  const { platform } = ask;
  for (const [name, description] of ORGANISATIONS) {
    await platform.post('/api/v1/organisation', { name, description });
  }
  await lockOrganisation(platform, 'Harbour Insurance');
  await platform.post('/api/v1/profile', {
    name: 'Shift lead',
    permissions: [
      'manageCase/create',
      'manageCase/update',
      'manageCase/reopen',
      'manageTask',
      'manageComment',
    ],
  });
  const added = await addPeople(platform, pictures);
  await platform.put('/api/v1/user/priya.raman@example.org/organisations', {
    organisations: [
      { organisation: ORGANISATION.name, profile: 'org-admin', default: true },
      { organisation: 'Northwind Logistics', profile: 'read-only', default: false },
      { organisation: 'المستشفى المركزي', profile: 'analyst', default: false },
    ],
  });
  await platform.patch(`/api/v1/user/${added.at(-1)}`, { locked: true });
  return ask;
}

async function lockOrganisation(platform, name) {
  await platform.patch(`/api/v1/organisation/${encodeURIComponent(name)}`, { locked: true });
}

async function addPeople(platform, pictures) {
  const ids = [];
  for (const [index, [login, name, profile]] of PEOPLE.entries()) {
    const { _id } = await platform.post('/api/v1/user', {
      login,
      name,
      email: login,
      organisation: ORGANISATION.name,
      profile,
      password: 'Believable-2026',
    });
    if (index < pictures.length) await platform.patch(`/api/v1/user/${_id}`, { avatar: pictures[index] });
    ids.push(_id);
  }
  const { _id: gateway } = await platform.post('/api/v1/user', {
    login: MAIL_GATEWAY,
    name: 'Mail gateway',
    organisation: ORGANISATION.name,
    profile: 'analyst',
    type: 'Service',
  });
  await platform.post(`/api/v1/user/${gateway}/key/renew`);
  await platform.patch(`/api/v1/user/${ANALYST.login}`, { avatar: pictures.at(-1) });
  return ids;
}
