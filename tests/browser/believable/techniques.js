/** What was done in the incidents, when, and what is written about it. */

const HOUR = 3_600_000;

/** Technique, tactic, hours before now, and how. */
export const PROCEDURES = [
  ['T1566.002', 'initial-access', 47, 'A link in an email to **four recipients** in Finance.'],
  ['T1204.001', 'execution', 46, undefined],
  ['T1078', 'initial-access', 45, 'Signed in with the typed password from `185.220.101.7`.'],
  ['T1078', 'persistence', 45, undefined],
  ['T1114.003', 'collection', 40, 'A rule forwards everything with *invoice* in the subject.'],
  ['T1586.002', 'resource-development', 60, undefined],
];

/** What the other cases have: they make the matrix warm. */
const OFTEN = [
  ['T1566.002', 'initial-access'],
  ['T1566.001', 'initial-access'],
  ['T1059.001', 'execution'],
  ['T1486', 'impact'],
  ['T1110.003', 'credential-access'],
  ['T1021.001', 'lateral-movement'],
  ['T1071.001', 'command-and-control'],
  ['T1505.003', 'persistence'],
  ['T1003.006', 'credential-access'],
  ['T1530', 'collection'],
  ['T1046', 'discovery'],
  ['T1496', 'impact'],
];

export const PAGE = {
  title: 'Findings so far',
  category: 'Report',
  content: `The link led to a page that looks like our sign-in.

## Timeline

1. **09:14** the mail arrives
2. **09:42** one recipient follows the link
3. **10:05** first sign-in from outside

## Open questions

- Was the second factor asked for?
- Who else got the mail through the *invoices* group?

| Address | Seen at |
| --- | --- |
| \`185.220.101.7\` | VPN gateway |
| \`northw1nd-logistics.example\` | mail gateway |
`,
};

const CASE_PAGES = [
  PAGE,
  { title: 'Plan for tonight', category: 'Report', content: 'Reset, block, tell. In this order.' },
  { title: 'Who to call', category: 'Contacts', content: '- Mail provider: +31 10 555 0142' },
];

const KNOWLEDGE = [
  {
    title: 'How we handle phishing',
    category: 'Playbooks',
    content:
      '## First\n\n1. Thank the reporter\n2. Search the gateway\n3. Block sender and link\n\n> When somebody typed a password, reset it **before** anything else.',
  },
  { title: 'Ransomware: the first hour', category: 'Playbooks', content: 'Disconnect, do not switch off.' },
  { title: 'On call', category: 'Contacts', content: 'See the calendar of the team.' },
];

export async function layOutTechniques(analyst, path, fullNumber) {
  const now = Date.now();
  await analyst.post(`${path}/procedures`, {
    procedures: PROCEDURES.map(([patternId, tactic, hours, description]) => ({
      patternId,
      tactic,
      occurDate: now - hours * HOUR,
      ...(description ? { description } : {}),
    })),
  });
  await analyst.post(`${path}/customEvent`, {
    title: 'Mail provider had an outage',
    date: now - 44 * HOUR,
    endDate: now - 38 * HOUR,
    description: 'Told by their status page.',
  });
  await analyst.post(`${path}/customEvent`, { title: 'Call from the bank', date: now - 30 * HOUR });
  for (const page of CASE_PAGES) await analyst.post(`${path}/page`, page);
  for (const [index, [patternId, tactic]] of OFTEN.entries()) {
    for (let age = 1 + index; age < 40; age += 3 + index) {
      await analyst.post(`/api/v1/case/${fullNumber - age}/procedure`, {
        patternId,
        tactic,
        occurDate: now - age * 24 * HOUR,
      });
    }
  }
  for (const page of KNOWLEDGE) await analyst.post('/api/v1/page', page);
}
