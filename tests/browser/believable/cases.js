/**
 * Sixty cases of all severities, markings and states, the last of them in full, and
 * what they leave in the inbox, the history and the bin.
 */
import { Api } from '../harness/api.js';
import { ANALYST, ORGANISATION } from '../harness/lab.js';
import { layOutTechniques } from './techniques.js';
import { FILLED } from './vocabulary.js';
import { COMMENTS, DESCRIPTION, INCIDENTS, LOGS, TASKS } from './incidents.js';

const DAY = 86_400_000;
const COUNT = 60;
const VERDICTS = ['TruePositive', 'FalsePositive', 'Indeterminate', 'Duplicated', 'Other'];
const ASSIGNEES = [
  ANALYST.login,
  'amira.haddad@example.org',
  'tom.becker@example.org',
  'yuki.tanaka@example.org',
  'noam.levi@example.org',
];

/** Numbers of the cases that screens show, by what is to be seen in them. */
export const NUMBERS = {
  full: COUNT,
  longTitle: numberOf(19),
  rightToLeft: numberOf(10),
  critical: numberOf(11),
  closed: numberOf(32),
  deleted: numberOf(47),
  /** Made of the two that come after all others. */
  merged: COUNT + 3,
};

/** Cases are told in the order of their age, the newest first, and come in the other way round. */
function numberOf(age) {
  return COUNT - age;
}

export async function layOutCases(url, { analyst }) {
  const amira = new Api(url, { login: ASSIGNEES[1], password: 'Believable-2026' }, ORGANISATION.name);
  for (let age = COUNT - 1; age > 0; age -= 1) {
    const item = await analyst.post('/api/v1/case', caseOf(age));
    await bring(analyst, item, age);
  }
  await incidentInFull(analyst, amira);
  // Done by others, so that the analyst is told.
  for (const age of [4, 9, 23])
    await amira.patch(`/api/v1/case/${numberOf(age)}`, { assignee: ANALYST.login });
  const comment = (age, message) => amira.post(`/api/v1/case/${numberOf(age)}/comment`, { message });
  await comment(4, `Same domain as in #${COUNT}, I think. Worth a look together.`);
  await comment(8, `@${ANALYST.login} the rule is back since this morning.`);
  for (const age of [47, 46, 45]) await analyst.send('DELETE', `/api/v1/case/${numberOf(age)}`);
}

async function incidentInFull(analyst, amira) {
  const now = Date.now();
  const item = await analyst.post('/api/v1/case', {
    title: INCIDENTS[0][0],
    tags: [...INCIDENTS[0][1], 'look-alike', 'q4-2026'],
    description: DESCRIPTION,
    severity: 3,
    tlp: 2,
    pap: 2,
    flag: true,
    startDate: now - 2 * DAY,
    dueDate: now + DAY,
    assignee: ANALYST.login,
    customFields: FILLED,
  });
  const path = `/api/v1/case/${item._id}`;
  for (const [index, [group, title, status]] of TASKS.entries()) {
    const task = await analyst.post(`${path}/task`, {
      group,
      title,
      description: index === 0 ? 'Headers, link, attachment. Say in a note what you found.' : undefined,
      assignee: index % 4 === 3 ? undefined : ASSIGNEES[index % 3],
      mandatory: index === 0 || index === 4,
      flag: index === 4,
      dueDate: [2, 4, 5].includes(index) ? now + (index - 3) * DAY : undefined,
    });
    if (index === 0)
      for (const message of LOGS) await analyst.post(`/api/v1/task/${task._id}/log`, { message });
    if (status !== 'Waiting') await analyst.patch(`/api/v1/task/${task._id}`, { status });
  }
  for (const [index, message] of COMMENTS.entries()) {
    await (index % 2 === 0 ? analyst : amira).post(`${path}/comment`, { message });
  }
  await layOutTechniques(analyst, path, COUNT);
  await analyst.patch(path, { severity: 2 });
  await amira.patch(path, { severity: 3, tags: [...INCIDENTS[0][1], 'look-alike'] });
}

function caseOf(age) {
  const [title, tags, severity] = INCIDENTS[age % INCIDENTS.length];
  const round = Math.floor(age / INCIDENTS.length);
  const now = Date.now();
  return {
    title: round === 0 ? title : `${title} (${['again', 'third time'][round - 1]})`,
    tags,
    description: `Reported through the portal. ${title}.`,
    severity: round === 0 ? severity : 1 + ((severity + round) % 4),
    tlp: age % 5,
    pap: age % 4,
    flag: age % 9 === 2,
    startDate: now - age * 0.9 * DAY,
    ...(age % 3 === 0 ? {} : { assignee: ASSIGNEES[age % ASSIGNEES.length] }),
    ...(age % 4 === 1 ? { dueDate: now + (7 - age) * DAY } : {}),
    tasks: ['Look at it', 'Contain it', 'Tell those concerned']
      .slice(0, age % 4)
      .map((task) => ({ title: task })),
  };
}

/** As far as such a case would be by now: the old ones are closed, some are in progress. */
async function bring(analyst, item, age) {
  const path = `/api/v1/case/${item._id}`;
  if (age % 4 === 2 || age % 4 === 3) {
    const [task] = await analyst.query(
      { _name: 'getCase', idOrName: item._id },
      { _name: 'tasks' },
      { _name: 'page', from: 0, to: 1 },
    );
    await analyst.patch(`/api/v1/task/${task._id}`, { status: 'Completed' });
  }
  if (age > 24 || age % 7 === 6) {
    await analyst.patch(path, {
      status: VERDICTS[age % VERDICTS.length],
      summary: 'Looked into and settled. Nothing is left to do.',
      impactStatus: age % 2 === 0 ? 'NoImpact' : 'WithImpact',
    });
  } else if (age % 3 === 1) {
    await analyst.patch(path, { status: 'InProgress' });
  }
}
