/** Links between the organisations, a shared case, a restricted one, cases that are linked, and one made of two. */
import { ANALYST, ORGANISATION } from '../harness/lab.js';
import { NUMBERS } from './cases.js';

const FULL = `/api/v1/case/${NUMBERS.full}`;

export async function layOutSharing({ platform, analyst }) {
  const link = (other, linkType, otherLinkType) =>
    platform.send(
      'PUT',
      `/api/v1/organisation/${encodeURIComponent(ORGANISATION.name)}/link/${encodeURIComponent(other)}`,
      {
        linkType,
        otherLinkType,
      },
    );
  await link('Stadtwerke Mittelrhein', 'default', 'supervised');
  const share = { organisation: 'Stadtwerke Mittelrhein', profile: 'read-only', taskRule: 'autoShare' };
  await analyst.post(`${FULL}/shares`, { shares: [share] });
  for (const [number, type] of [
    [NUMBERS.critical, 'same actor'],
    [NUMBERS.closed, 'duplicate'],
  ])
    await analyst.post(`${FULL}/link/case/add`, { type, caseId: String(number) });
  await analyst.post(`${FULL}/link/external/add`, {
    type: 'ticket',
    url: 'https://tickets.example.org/browse/OPS-4711',
  });
  await analyst.post(`/api/v1/case/${NUMBERS.critical}/access`, {
    access: { _kind: 'UserAccessKind', users: [ANALYST.login, 'amira.haddad@example.org'] },
  });
}

/** One case of two that came in twice; gives its number. */
export async function mergeTwo({ analyst }) {
  const ids = [];
  for (const title of ['Phishing wave against payroll', 'Payroll: mail asks for new bank details']) {
    const { _id } = await analyst.post('/api/v1/case', { title, description: title, tags: ['payroll'] });
    ids.push(_id);
  }
  return (await analyst.post(`/api/v1/case/_merge/${ids.join(',')}`, {})).number;
}
