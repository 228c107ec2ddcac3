/** Alerts of several sources, some of them alike, in every stage; one merged into a case. */
import { NUMBERS } from './cases.js';

const DAY = 86_400_000;

const KINDS = [
  ['siem', 'splunk', 'Login from an unusual country for a finance account', 3, ['login', 'geo']],
  [
    'edr',
    'defender',
    'Credential dumping tool started on a file server',
    4,
    ['mimikatz', 'lateral-movement'],
  ],
  ['mail', 'gateway', 'Mail with a look-alike sender domain was delivered to 14 people', 2, ['phishing']],
  ['ids', 'suricata', 'ET MALWARE Cobalt Strike beacon over HTTPS', 4, ['c2', 'beacon', 'cobalt-strike']],
  ['report', 'staff', 'A visitor photographed a screen in the reception', 1, ['physical']],
  ['cloud', 'guardduty', 'API keys used from a Tor exit node', 3, ['cloud', 'tor']],
];

const DESCRIPTION = `The rule **R-1042** matched on \`10.20.4.17\`.

| field | value |
| --- | --- |
| user | m.lindqvist |
| process | rundll32.exe |
| parent | winword.exe |

- first seen 04:12 UTC, seven times since
- no ticket of the helpdesk explains it`;

/** What a sensor saw, of the kind that it sees; some of it again and again. */
const seen = (index) => [
  { dataType: 'ip', data: ['10.20.4.17', `203.0.113.${String(10 + (index % 7))}`], tags: ['internal'] },
  {
    dataType: 'domain',
    data: 'invoice-portal.example.net',
    ioc: true,
    sighted: true,
    tags: ['c2', 'osint:lifetime="ephemeral"'],
    message: 'Registered nine days ago',
  },
  { dataType: 'url', data: `https://invoice-portal.example.net/pay?id=${String(4_100 + index)}` },
  { dataType: 'hash', data: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f', ioc: true },
  { dataType: 'mail', data: 'accounts@invoice-portal.example.net', tlp: 3 },
  { dataType: 'file', data: `quarantine-${String(index)}.eml;message/rfc822;${MAIL}` },
];

const MAIL = Buffer.from(
  'From: accounts@invoice-portal.example.net\nSubject: Payment overdue\n\nPlease pay.',
).toString('base64');

const USED = [
  { patternId: 'T1566.001', tactic: 'initial-access', description: 'An invoice with a macro' },
  { patternId: 'T1059.001', tactic: 'execution' },
  { patternId: 'T1003.001', tactic: 'credential-access' },
];

export async function layOutAlerts({ analyst }) {
  const now = Date.now();
  const made = [];
  for (let index = 0; index < 48; index += 1) {
    const [type, source, title, severity, tags] = KINDS[index % KINDS.length];
    made.push(
      await analyst.post('/api/v1/alert', {
        type,
        source,
        sourceRef: `${source}-${String(90_210 + index)}`,
        title,
        severity,
        tags,
        description: DESCRIPTION,
        date: now - (48 - index) * (DAY / 6),
        externalLink: `https://siem.example.org/event/${String(90_210 + index)}`,
        customFields:
          index % 2 === 1
            ? {
                'business-unit': 'Finance',
                'people-affected': 14,
                ticket: 'https://helpdesk.example.org/4711',
              }
            : {},
        observables: seen(index).slice(0, 1 + ((index * 5) % 7)),
        procedures: USED.slice(0, index % 4).map((used, place) => ({
          ...used,
          occurDate: now - (48 - index) * (DAY / 6) - place * 60_000,
        })),
      }),
    );
  }
  const last = `/api/v1/alert/${made.at(-1)._id}/attachments`;
  await analyst.upload(last, 'attachments', 'screenshot.txt', 'What the user saw, typed off the screen.');
  await analyst.upload(last, 'attachments', 'capture-2026-11-30.pcap', 'not a real capture');
  const ids = made.map(({ _id }) => _id);
  const set = (some, status) => analyst.patch('/api/v1/alert/_bulk', { ids: some, status });
  await set(ids.slice(0, 6), 'FalsePositive');
  await set(ids.slice(6, 9), 'Duplicate');
  await set(ids.slice(9, 11), 'Ignored');
  await set(ids.slice(11, 14), 'InProgress');
  await analyst.post('/api/v1/alert/merge/_bulk', { caseId: '59', alertIds: ids.slice(14, 17) });
  // Earlier cases have met some of it.
  for (const [number, count] of [
    [NUMBERS.longTitle, 3],
    [NUMBERS.closed, 1],
  ]) {
    for (const { data, ...more } of seen(0).slice(1, 1 + count)) {
      await analyst.post(`/api/v1/case/${number}/observable`, { data, ...more });
    }
  }
  await analyst.post(`/api/v1/alert/${ids[47]}/comment`, {
    message: 'The same account was on a list of leaked passwords last month.',
  });
}
