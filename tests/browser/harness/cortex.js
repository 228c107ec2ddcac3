/** A Cortex as far as the program speaks to one: it has two analyzers, and a responder that tags the case. */
import { once } from 'node:events';
import { createServer } from 'node:http';

const KEY = 'key-of-the-tests-cortex';

const worker = (id, name, description, dataTypeList) => ({
  id,
  name,
  version: '1.0',
  description,
  dataTypeList,
  maxTlp: 3,
  maxPap: 3,
  workerDefinitionId: id,
});

const ANALYZERS = [
  worker('geo', 'MaxMind_GeoIP_4_0', 'Tells where an address is', ['ip']),
  worker('reputation', 'AbuseIPDB_1_1', 'Tells what others say of an address', ['ip', 'domain']),
];
export const RESPONDER = worker('block', 'Block_1_0', 'Has the firewall block what was found', [
  'thehive:case',
  'thehive:alert',
  'thehive:case_task',
  'thehive:case_task_log',
  'thehive:case_artifact',
]);
const REPORT = {
  success: true,
  full: { message: 'The firewall blocks it' },
  artifacts: [],
  operations: [{ type: 'AddTagToCase', tag: 'blocked' }],
};

/** Listens until the tests end; gives what the program needs to know of it. */
export async function startCortex() {
  const ran = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const [status, answer] = answerTo(request, Buffer.concat(chunks).toString(), ran);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return { url: `http://127.0.0.1:${server.address().port}`, key: KEY, ran };
}

function answerTo({ method, url, headers }, body, ran) {
  const path = new URL(url, 'http://cortex').pathname.split('/').slice(2);
  if (path[0] === 'status') return [200, { versions: { Cortex: '3.1.8-1' } }];
  if (headers.authorization !== `Bearer ${KEY}`) return [401, { message: 'Authentication failure' }];
  const [kind, id, verb] = path;
  const workers = kind === 'responder' ? [RESPONDER] : ANALYZERS;
  const found = workers.find((one) => one.id === id);
  if (kind === 'user') return [200, { id: 'skep', name: 'skep' }];
  if (id === '_search') {
    const { _field, _value } = JSON.parse(body).query;
    return [200, workers.filter((one) => [one[_field]].flat().includes(_value))];
  }
  if (kind === 'analyzer' && id === 'type') {
    return [200, workers.filter(({ dataTypeList }) => dataTypeList.includes(verb))];
  }
  if (method === 'POST' && verb === 'run' && found) {
    ran.push(JSON.parse(body));
    return [201, job(found.id, 'Waiting', 'Waiting')];
  }
  if (kind === 'job' && verb === 'waitreport') return [200, job(id, 'Success', REPORT)];
  if (id === undefined) return [200, workers];
  return found ? [200, found] : [404, { message: 'not found' }];
}

const job = (id, status, report) => ({
  id,
  workerId: id,
  workerName: id,
  workerDefinitionId: id,
  date: 1,
  status,
  organization: 'skep',
  type: 'analyzer',
  report,
});
