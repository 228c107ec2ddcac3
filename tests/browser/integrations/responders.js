/** What was written in a task can be acted on, as the case, the task and the observable can. */
import assert from 'node:assert/strict';
import { RESPONDER, startCortex } from '../harness/cortex.js';
import { eventually } from '../harness/eventually.js';
import { ANALYST, createCase, READER, tasksOf } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { rowOf } from '../lab/places.js';

const SERVER = '/api/skep/v1/integration/server';

export function responders(on) {
  const openResponders = async (page) => {
    await page.getByRole('article', { name: /^log by/ }).waitFor();
    await page.getByRole('button', { name: 'Actions on this log' }).click();
    await page.getByRole('menuitem', { name: 'Responders' }).click();
    const opened = page.getByRole('dialog', { name: `Responders: log by ${ANALYST.name}` });
    await opened.waitFor();
    return opened;
  };

  const layOutLog = async () => {
    const { url, key, ran } = await startCortex();
    await on.laidOut.platform.post(SERVER, { kind: 'cortex', name: `At ${url}`, url, key });
    const { number } = await createCase(on.laidOut.analyst);
    const [task] = await tasksOf(on.laidOut.analyst, number);
    const message = 'Sender found: 203.0.113.7';
    const log = await on.laidOut.analyst.post(`/api/v1/task/${task._id}/log`, { message });
    return { number, task, log, ran };
  };

  scene(on, 'a responder acts on a log', { as: ANALYST }, async ({ page }) => {
    const { number, task, log, ran } = await layOutLog();
    await page.goto(`/cases/${number}/tasks`);
    const row = rowOf(page, task.title);
    await row.hover();
    await row.getByTestId('row-preview').click();
    const opened = await openResponders(page);
    // The keys of the task below are at rest.
    await page.keyboard.press('j');
    await opened.getByRole('button', { name: `Run ${RESPONDER.name}` }).click();
    await opened.getByText('Success').waitFor();
    assert.equal(ran[0].dataType, 'thehive:case_task_log');
    const [action] = await on.laidOut.analyst.get(`/api/v1/connector/cortex/action/case_task_log/${log._id}`);
    assert.equal(action.objectId, log._id);
    await eventually(async () => {
      const { tags } = await on.laidOut.analyst.get(`/api/v1/case/${number}`);
      assert.ok(tags.includes('blocked'), String(tags));
    });
    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'detached' });
    await page.getByRole('dialog', { name: task.title }).waitFor();
  });

  scene(on, 'who only reads sees what was done, and is offered nothing', { as: READER }, async ({ page }) => {
    const { number, task } = await layOutLog();
    await page.goto(`/cases/${number}/tasks/${task._id}`);
    const opened = await openResponders(page);
    await opened.getByText('No responder has acted on it yet.').waitFor();
    assert.equal(await opened.getByRole('heading', { name: 'Run a responder' }).count(), 0);
  });
}
