/**
 * `npm run speed -- --cases 100000`: how long a person waits for the rows after a filter
 * was chosen, from the click to the frame that shows the new first row. Measures the
 * program that SKEP_BINARY names, a release build if the figures are to mean anything.
 * `--data FOLDER` keeps the data there and uses what is there already.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launch, Visit } from './harness/browser.js';
import { ANALYST, askers, provision } from './harness/lab.js';
import { Program } from './harness/program.js';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, data: { type: 'string' } },
});
const CASES = Number(values.cases);
const TIMES = 20;
const CLIENTS = 32;
/** Each picks one case of ten; their newest ones differ, so that the first row changes. */
const FILTERS = ['Flagged', 'My cases', 'Overdue'];
const HOUR = 3_600_000;

const isFilled = values.data !== undefined && existsSync(values.data);
const program = await Program.start({ folder: values.data });
const browser = await launch();
try {
  if (!isFilled) await fill(await provision(program.url));
  await measure();
} finally {
  await browser.close();
  await program.stop({ keep: values.data !== undefined });
}

async function fill({ admin }) {
  let next = 1;
  const client = async () => {
    for (let number = next++; number <= CASES; number = next++) {
      if (number % 10_000 === 0) console.error(`${number} cases`);
      await admin.post('/api/v1/case', caseOf(number));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

function caseOf(number) {
  return {
    title: `Odd login of user ${number} at a site abroad`,
    description: `Reported as ticket ${number}.`,
    severity: 1 + (number % 4),
    tags: ['identity', `site-${number % 50}`],
    flag: number % 10 === 3,
    ...(number % 10 === 5 ? { assignee: ANALYST.login } : {}),
    ...(number % 10 === 7 ? { dueDate: Date.now() - HOUR } : {}),
    tasks: [{ title: 'Look at it' }],
  };
}

async function measure() {
  const { analyst } = askers(program.url);
  const present = await analyst.query({ _name: 'listCase' }, { _name: 'count' });
  const visit = await Visit.open(browser, program.url);
  await visit.signIn(ANALYST);
  const { page } = visit;
  await page.goto('/cases');
  await page.locator('tbody tr').nth(9).waitFor();
  const samples = new Map(FILTERS.map((name) => [name, []]));
  // The first round warms up.
  for (let time = 0; time <= TIMES; time += 1) {
    for (const name of FILTERS) {
      const sample = await choose(page, name);
      if (time > 0) samples.get(name).push(sample);
    }
  }
  console.log(`${present} cases, ${TIMES} times each, from the click to the frame with the new first row:\n`);
  console.log('| filter | p50 | p95 | of it until the answer, p50 |\n| --- | --- | --- | --- |');
  for (const [name, list] of samples) row(name, list);
  row('all', [...samples.values()].flat());
}

async function choose(page, name) {
  await page.getByRole('button', { name: 'Quick filters' }).click();
  const choice = page.getByRole('menu').getByText(name, { exact: true });
  await choice.waitFor();
  const watched = page.evaluate(watchFirstRow);
  await page.evaluate(() => window.isWatching);
  await choice.click();
  return watched;
}

/** Runs in the page. */
function watchFirstRow() {
  const first = () => document.querySelector('tbody tr[data-id]')?.dataset.id;
  const before = first();
  let listening;
  window.isWatching = new Promise((resolve) => (listening = resolve));
  return new Promise((resolve) => {
    const start = ({ timeStamp }) => {
      const look = () => {
        if (first() === undefined || first() === before) return requestAnimationFrame(look);
        const channel = new MessageChannel();
        // Delivered once the frame that is being made now is painted.
        channel.port1.onmessage = () => {
          const total = performance.now() - timeStamp;
          const answers = performance
            .getEntriesByType('resource')
            .filter(({ name, startTime }) => name.includes('/query') && startTime >= timeStamp);
          const answer = Math.min(...answers.map(({ responseEnd }) => responseEnd)) - timeStamp;
          performance.clearResourceTimings();
          resolve({ total, answer });
        };
        channel.port2.postMessage(undefined);
      };
      requestAnimationFrame(look);
    };
    document.addEventListener('click', start, { capture: true, once: true });
    listening();
  });
}

function row(name, samples) {
  const at = (share, key) => {
    const sorted = samples.map((sample) => sample[key]).sort((a, b) => a - b);
    return `${sorted[Math.ceil(share * sorted.length) - 1].toFixed(1)} ms`;
  };
  console.log(`| ${name} | ${at(0.5, 'total')} | ${at(0.95, 'total')} | ${at(0.5, 'answer')} |`);
}
