/** What is reported in two months, in the words it is reported in. Title, tags, and how bad it is. */

export const INCIDENTS = [
  ['Phishing email asks Finance to confirm a payment', ['phishing', 'email', 'finance'], 2],
  [
    'Ransom note on three file servers of the Rotterdam depot',
    ['ransomware', 'rotterdam', 'impact:outage'],
    4,
  ],
  ['Sign-in from two continents within ten minutes', ['identity', 'impossible-travel'], 3],
  ['Lost laptop, disk encrypted', ['lost-device'], 1],
  ['Beaconing to a domain registered yesterday', ['c2', 'dns', 'edr'], 3],
  ['Web shell in the upload folder of the tender portal', ['web', 'webshell', 'cve-2026-1187'], 4],
  ['Port scan from a partner network', ['scan', 'partner'], 1],
  ['USB stick found in the car park, plugged in at reception', ['usb', 'awareness'], 2],
  ['Mailbox rule forwards invoices to an outside address', ['bec', 'email', 'finance', 'exchange-online'], 3],
  ['Certificate of the customer portal expires on Sunday', ['certificate'], 2],
  ['استلام رسالة تصيد تنتحل صفة إدارة الموارد البشرية', ['تصيد', 'phishing'], 2],
  [
    'Domain controller reports DCSync from a workstation',
    ['active-directory', 'dcsync', 'credential-access'],
    4,
  ],
  ['Spam wave, 4,000 messages, none opened', ['spam'], 1],
  ['Public bucket with delivery notes of 2024', ['cloud', 'data-leak', 'gdpr'], 3],
  ['🔥 Outage or attack? VPN gateway restarts every 20 minutes', ['vpn', 'availability'], 3],
  ['Password of a service account in a public repository', ['secret-leak', 'github'], 3],
  ['Employee reports a call from “the help desk”', ['vishing', 'awareness'], 2],
  ['Miner on the build server', ['cryptominer', 'ci'], 2],
  ['פנייה חשודה לספק דרך טופס יצירת הקשר', ['supplier'], 1],
  [
    'Follow-up of the penetration test of the warehouse management system: unauthenticated endpoint of the label printer service gives the address book of all customers in the region',
    ['pentest', 'warehouse', 'label-printer', 'api', 'authentication', 'gdpr', 'follow-up', 'q4-2026'],
    3,
  ],
  ['Badge used at two gates at the same time', ['physical'], 2],
  ['Antivirus switched off by policy on 41 clients', ['policy', 'edr'], 3],
  ['Look-alike domain northw1nd-logistics.example', ['brand', 'domain'], 2],
  ['Old VPN account of a contractor still signs in', ['identity', 'offboarding'], 2],
];

export const DESCRIPTION = `A user in Finance reported an email that asks to **confirm a payment** through a link.

## What is known

- From \`billing@northw1nd-logistics.example\`, a domain registered yesterday
- Four recipients in *Finance*, one click at 09:42
- The page asks for user name and password, then forwards to the real one

| Recipient | Opened | Clicked |
| --- | --- | --- |
| a.lindqvist | yes | no |
| m.okafor | yes | **yes** |
| j.petit | no | no |

> Find out who received it, whether anyone followed the link, and contain it.

1. Search the gateway for the sender and the link
2. Block both, and the look-alike domain
3. Reset what was typed into the page

\`\`\`
Authentication-Results: mx.example.org;
  spf=fail smtp.mailfrom=northw1nd-logistics.example; dkim=none
\`\`\`
`;

export const TASKS = [
  ['Identification', 'Review the reported email', 'Completed'],
  ['Identification', 'Find every mailbox that received it', 'Completed'],
  ['Identification', 'Ask the one who clicked what was typed', 'InProgress'],
  ['Containment', 'Block sender, link and domain at the gateway', 'Completed'],
  ['Containment', 'Reset the password and end all sessions of m.okafor', 'InProgress'],
  [
    'Containment',
    'Look for sign-ins with the stolen password from addresses outside the country since 09:42',
    'Waiting',
  ],
  ['Recovery', 'Remove the message from all mailboxes', 'Waiting'],
  ['Recovery', 'Tell the four recipients', 'Waiting'],
  ['Lessons', 'Add the look-alike pattern to the gateway’s rules', 'Waiting'],
  ['Lessons', 'Awareness post on the intranet', 'Cancel'],
];

export const LOGS = [
  'Header check failed SPF and DKIM; the link points to a look-alike domain. Verdict: **phishing**.',
  'Message trace:\n\n```\n4 recipients, 1 click (m.okafor 09:42:17 UTC)\n```\n\nNo replies, no forwards.',
  'Spoke to m.okafor: typed user name and password, no second factor was asked for. See #2 for the same sender.',
];

export const COMMENTS = [
  'Seen. Starting with the message trace; @amira.haddad@example.org can you take the gateway?',
  'Gateway done: sender, link and domain are **blocked** since 10:05.\n\n- sender\n- `northw1nd-logistics.example`',
  'Handing over to the late shift: mailbox export is with IT, they promise it by 18:00. 🙏',
  'شكراً، استلمت القضية. سأتابع مع قسم المالية.',
];
