/** Two cases become one, with a way back; and a case that goes out as a file comes in again. */
import assert from 'node:assert/strict';
import { ANALYST, COMMENT, createCase, tasksOf, TASKS } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, rowOf, toast } from '../lab/places.js';

const PASSWORD = 'correct horse battery';

export function merge(on) {
  scene(
    on,
    'two cases are merged after a look at what comes of it, and undo takes them apart',
    { as: ANALYST },
    async ({ page, watch }) => {
      const { admin } = on.laidOut;
      const titles = ['Merged by hand 1', 'Merged by hand 2'];
      const numbers = [];
      for (const title of titles) numbers.push((await createCase(admin, { title })).number);
      await admin.post(`/api/v1/case/${numbers[0]}/comment`, { message: COMMENT });
      await page.goto('/cases?where=title:contains:Merged by hand');
      for (const title of titles) await rowOf(page, title).getByRole('checkbox').check();
      await page
        .getByRole('toolbar', { name: 'List actions' })
        .getByRole('button', { name: 'Merge' })
        .click();
      const merging = drawer(page, 'Merge cases');
      const preview = merging.getByRole('region', { name: 'The merged case' });
      await preview.getByText('1 comment').waitFor();
      await merging.getByRole('button', { name: 'Merge', exact: true }).click();
      const merged = numbers[1] + 1;
      await toast(page, `2 cases are #${merged} now`).waitFor();
      await page.getByRole('heading', { name: `#${merged} ` }).waitFor();
      await page.getByText(COMMENT).waitFor();
      // The number of one that was merged leads to the case that it is in.
      watch.expect(/status of 404/);
      await page.goto(`/cases/${numbers[0]}`);
      await page.waitForURL(`**/cases/${merged}`);

      await page.goto('/cases?where=title:contains:Merged by hand');
      await page.getByText('1 of 1').waitFor();
      await page.goto(`/cases/${merged}`);
      await page.getByRole('button', { name: 'Take apart' }).click();
      const asking = page.getByRole('alertdialog');
      await asking.getByRole('button', { name: 'Take apart' }).click();
      await toast(page, `Case #${merged} was taken apart`).waitFor();
      await page.goto('/cases?where=title:contains:Merged by hand');
      await page.getByText('2 of 2').waitFor();
      for (const title of titles) await rowOf(page, title).waitFor();
      assert.equal((await tasksOf(admin, numbers[1])).length, TASKS.length);
    },
  );

  scene(
    on,
    'undo after a merge leads back to the list with both cases',
    { as: ANALYST },
    async ({ page, watch }) => {
      // The page of the merged case may still look for it while undo takes it apart.
      watch.expect(/status of 404/);
      const { admin } = on.laidOut;
      const titles = ['Undone merge 1', 'Undone merge 2'];
      for (const title of titles) await createCase(admin, { title, tasks: [] });
      await page.goto('/cases?where=title:contains:Undone merge');
      for (const title of titles) await rowOf(page, title).getByRole('checkbox').check();
      await page
        .getByRole('toolbar', { name: 'List actions' })
        .getByRole('button', { name: 'Merge' })
        .click();
      const merging = drawer(page, 'Merge cases');
      await merging.getByRole('region', { name: 'The merged case' }).waitFor();
      await merging.getByRole('button', { name: 'Merge', exact: true }).click();
      const notes = page.getByRole('region', { name: 'Notifications' });
      await notes.getByRole('button', { name: 'Undo' }).click();
      // The list, not the page of the merged case: a page that is left while it undoes takes its request with it.
      await page.waitForURL(({ pathname }) => pathname === '/cases');
      await page.goto('/cases?where=title:contains:Undone merge');
      await page.getByText('2 of 2').waitFor();
    },
  );

  scene(
    on,
    'a case goes out as a file behind a password and comes in as a new one',
    { as: ANALYST },
    async ({ page, watch }) => {
      const { admin } = on.laidOut;
      const { number, title } = await createCase(admin, { title: 'Sent as a file' });
      await admin.post(`/api/v1/case/${number}/comment`, { message: COMMENT });
      await page.goto(`/cases/${number}`);
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      const exporting = drawer(page, `Exporting case #${number}`);
      await exporting.getByLabel(/^Password/).fill(PASSWORD);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        exporting.getByRole('button', { name: 'Export', exact: true }).click(),
      ]);
      assert.equal(download.suggestedFilename(), `case-${number}.thar`);
      const file = await download.path();

      await page.goto('/cases');
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Import a case' }).click();
      const importing = drawer(page, 'Importing a case');
      await importing.getByLabel('Choose an archive').setInputFiles(file);
      await importing.getByLabel(/^Password/).fill('another one');
      watch.expect(/status of 400/);
      await importing.getByRole('button', { name: 'Import', exact: true }).click();
      await importing
        .getByRole('alert')
        .getByText(/password/)
        .waitFor();
      await importing.getByLabel(/^Password/).fill(PASSWORD);
      await importing.getByRole('button', { name: 'Import', exact: true }).click();
      await toast(page, `Case #${number + 1} imported`).waitFor();
      await page.getByRole('heading', { name: `#${number + 1} ${title}` }).waitFor();
      await page.getByText(COMMENT).waitFor();
    },
  );
}
