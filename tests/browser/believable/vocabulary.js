/** The words of the platform: custom fields, a status of one's own, taxonomies in use, case templates, colours of tags. */
import { Api } from '../harness/api.js';
import { ORGANISATION } from '../harness/lab.js';

const FIELDS = [
  [
    'Business unit',
    'business-unit',
    'Impact',
    'string',
    { options: ['Finance', 'Logistics', 'Sales', 'Operations'] },
  ],
  ['Estimated loss (EUR)', 'loss', 'Impact', 'float', {}],
  ['People affected', 'people-affected', 'Impact', 'integer', { mandatory: true }],
  ['Reported to authority', 'reported-at', 'Compliance', 'date', {}],
  ['Personal data', 'personal-data', 'Compliance', 'boolean', { mandatory: true }],
  ['Ticket', 'ticket', 'References', 'url', {}],
  ['Change number', 'change-number', 'References', 'string', {}],
];

/** Before there are cases: what they are filled in with. */
export async function layOutWords(url, { platform }) {
  for (const [displayName, name, group, type, more] of FIELDS) {
    const description = name === 'loss' ? 'What it costs, as far as is known. *Update it at closing.*' : '';
    await platform.post('/api/v1/customField', { displayName, name, group, type, description, ...more });
  }
  await platform.post('/api/v1/caseStatus', {
    value: 'WaitingForCustomer',
    stage: 'InProgress',
    order: 2,
    colour: '#C77700',
    description: 'The next step is theirs',
  });
  for (const name of ['tlp', 'PAP', 'kill-chain', 'phishing']) {
    await platform.put(`/api/v1/taxonomy/${name}/activate`);
  }
  const priya = new Api(
    url,
    { login: 'priya.raman@example.org', password: 'Believable-2026' },
    ORGANISATION.name,
  );
  await priya.post('/api/v1/caseTemplate', {
    name: 'phishing',
    displayName: 'Phishing',
    titlePrefix: '[PHISH]',
    description: '## First steps\n\nKeep the mail. Tell nobody to delete it yet.',
    severity: 2,
    tlp: 2,
    pap: 2,
    tags: ['phishing', 'tlp:amber'],
    tasks: [
      {
        title: 'Look at the mail',
        group: 'Analysis',
        mandatory: true,
        description: 'Headers, link, attachment.',
      },
      { title: 'Find who else got it', group: 'Analysis' },
      {
        title: 'Block sender and link',
        group: 'Containment',
        flag: true,
        assignee: 'tom.becker@example.org',
      },
      { title: 'Tell the people concerned', group: 'Communication' },
    ],
    customFields: { 'business-unit': null, 'people-affected': null, 'personal-data': false },
  });
  await priya.post('/api/v1/caseTemplate', {
    name: 'ransomware',
    displayName: 'Ransomware',
    titlePrefix: '[RANSOM]',
    severity: 4,
    tlp: 3,
    flag: true,
    tags: ['ransomware', 'crisis'],
    tasks: [
      { title: 'Take the machine off the network', group: 'Containment', mandatory: true },
      { title: 'Call the crisis team', group: 'Communication', mandatory: true },
    ],
    customFields: { loss: null, 'reported-at': null, 'personal-data': null },
  });
  await priya.post('/api/v1/caseTemplate', { name: 'lost-device', displayName: 'Lost or stolen device' });
}

/** Values in the case that is told in full. */
export const FILLED = {
  'business-unit': ['Finance', 'Sales'],
  'people-affected': 14,
  'personal-data': null,
  loss: 1250.5,
  ticket: 'https://tickets.example.org/INC-4711',
};
