/** Every hostile text in every field that takes text, written by people with hostile names. */
import { Api } from '../harness/api.js';
import { ADMIN, ANALYST, ORGANISATION, provision } from '../harness/lab.js';
import { fitted, TEXTS } from './texts.js';

const PASSWORD = 'Hostile-2026';
const PERMISSIONS = ['manageCase/create', 'manageCase/update', 'manageTask', 'manageComment'];

/** How long the fields may be. */
const LONG = 12_000;
const LENGTHS = {
  name: 64,
  person: 128,
  title: 512,
  task: 128,
  group: 64,
  tag: 128,
  server: 128,
  analyzer: 256,
};

export async function layOut(url) {
  const { platform, analyst } = await provision(url);
  const organisations = [];
  const subjects = [];
  for (const [index, text] of TEXTS.entries()) {
    const login = `hostile-${index}@example.org`;
    organisations.push(await people(platform, text, login));
    const author = new Api(url, { login, password: PASSWORD }, ORGANISATION.name);
    subjects.push({ ...text, ...(await incident(author, text, login)) });
  }
  await platform.put(`/api/v1/user/${ADMIN.login}/organisations`, {
    organisations: ['admin', ORGANISATION.name, ...organisations].map((organisation) => ({
      organisation,
      profile: organisation === 'admin' ? 'admin' : 'analyst',
      default: organisation === 'admin',
    })),
  });
  for (const text of TEXTS) await servers(platform, text);
  // One of each kind that is closed, and one in the bin.
  for (const text of TEXTS) {
    const { _id } = await analyst.post('/api/v1/case', {
      title: fitted(text, LENGTHS.title),
      description: '-',
    });
    await analyst.send('DELETE', `/api/v1/case/${_id}`);
  }
  return { subjects, organisations };
}

async function people(platform, text, login) {
  const name = fitted(text, LENGTHS.name);
  await platform.post('/api/v1/organisation', { name, description: fitted(text, LONG) });
  await platform.post('/api/v1/profile', { name, permissions: PERMISSIONS });
  await platform.post('/api/v1/user', {
    login,
    name: fitted(text, LENGTHS.person),
    password: PASSWORD,
    organisation: ORGANISATION.name,
    profile: name,
  });
  return name;
}

/** Switched off: nobody is to be told at every page that they fail. */
async function servers(platform, text) {
  for (const kind of ['cortex', 'misp']) {
    const name = fitted(text, LENGTHS.server);
    const server = { kind, name, url: 'http://127.0.0.1:9', key: 'k', isEnabled: false };
    await platform.post('/api/skep/v1/integration/server', server);
  }
  await platform.post('/api/v1/connector/cortex/analyzer/template', {
    analyzerId: fitted(text, LENGTHS.analyzer),
    content: fitted(text, LONG),
  });
}

async function incident(author, text, login) {
  const whole = fitted(text, LONG);
  const item = await author.post('/api/v1/case', {
    title: fitted(text, LENGTHS.title),
    description: whole,
    tags: [fitted(text, LENGTHS.tag)],
    assignee: login,
  });
  const task = await author.post(`/api/v1/case/${item._id}/task`, {
    title: fitted(text, LENGTHS.task),
    group: fitted(text, LENGTHS.group),
    description: whole,
    assignee: login,
  });
  await author.post(`/api/v1/task/${task._id}/log`, { message: whole });
  await author.post(`/api/v1/case/${item._id}/comment`, { message: whole });
  await author.patch(`/api/v1/task/${task._id}`, { status: 'Completed' });
  await author.patch(`/api/v1/case/${item._id}`, { assignee: ANALYST.login, summary: whole });
  await author.patch(`/api/v1/case/${item._id}`, { status: 'Other' });
  return { number: item.number, task: task._id };
}
