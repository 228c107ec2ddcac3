/** Trap 10: a window of 1280x720 at 150 % zoom. What confirms is always in sight. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, ANALYST, createCase, ORGANISATION, tasksOf } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer } from '../lab/places.js';

/** What is left of 1280x720 when everything is half as large again. */
const ZOOMED = { size: [853, 480] };
const LONG = 'A title that goes on and on, as those of tickets that were made from a mail do '
  .repeat(3)
  .trim();

export function narrowWindow(on) {
  scene(
    on,
    '10 at 150 % zoom the drawers of cases and tasks keep their footer in sight',
    { as: ANALYST, ...ZOOMED },
    async ({ page }) => {
      const { _id, number, title } = await createCase(on.laidOut.analyst, {
        title: LONG,
        description: 'A long story.\n\n'.repeat(80),
        tasks: Array.from({ length: 30 }, (_, index) => ({
          title: `Step ${index + 1}`,
          mandatory: index < 12,
        })),
      });
      const [task] = await tasksOf(on.laidOut.analyst, number);
      await on.laidOut.analyst.patch(`/api/v1/task/${task._id}`, {
        description: 'Much to do.\n\n'.repeat(80),
      });
      await page.goto('/cases');
      await inSight(page, [
        ['/cases?drawer=new-case:empty', 'Create case', ['Cancel', 'Confirm']],
        ['/cases?drawer=new-case:empty&drawer=plan-task', 'Adding a task', ['Cancel', 'Confirm']],
        [`/cases?drawer=preview:${number}`, `#${number} - ${title}`, ['Close case'], 'Open case'],
        [`/cases?drawer=edit:${_id}`, `Edit case #${number}`, ['Cancel', 'Confirm']],
        [`/cases?drawer=assign:${_id}`, `Assign case #${number}`, ['Cancel', 'Confirm']],
        [`/cases?drawer=tags:${_id}`, `Tags of case #${number}`, ['Cancel', 'Confirm']],
        [`/cases?drawer=close:${_id}`, 'Close case', ['Cancel', 'Close tasks and case']],
        [`/cases/${number}?drawer=close`, 'Close case', ['Cancel', 'Close tasks and case']],
        [`/cases/${number}/tasks?drawer=add-task`, 'Adding a task', ['Cancel', 'Confirm']],
        [
          `/cases/${number}/tasks?drawer=task:${task._id}`,
          'Step 1',
          ['Delete task', 'Close'],
          'Open as a page',
        ],
      ]);
    },
  );

  scene(
    on,
    '10 at 150 % zoom the drawers of the administrator keep their footer in sight',
    { as: ADMIN, ...ZOOMED },
    async ({ page }) => {
      const { platform } = on.laidOut;
      const organisation = await platform.get(
        `/api/v1/organisation/${encodeURIComponent(ORGANISATION.name)}`,
      );
      const user = await platform.get(`/api/v1/user/${ANALYST.login}`);
      const profile = await platform.post('/api/v1/profile', { name: 'triage', permissions: ['manageTask'] });
      await inSight(page, [
        ['/organisations?drawer=new', 'Adding an organization', ['Cancel', 'Confirm']],
        [
          `/organisations?drawer=preview:${organisation._id}`,
          ORGANISATION.name,
          ['Users and details', 'Close'],
        ],
        ['/users?drawer=new', 'Adding a user', ['Cancel', 'Confirm']],
        [`/users?drawer=preview:${user._id}`, ANALYST.name, ['Delete user', 'Close']],
        ['/profiles?drawer=new', 'Adding a profile', ['Cancel', 'Confirm']],
        [`/profiles?drawer=preview:${profile._id}`, 'triage', ['Delete profile', 'Close']],
      ]);
    },
  );
}

/** Opens each drawer and looks at the buttons (and the link) of its footer: whole, and under nothing else. */
async function inSight(page, drawers) {
  for (const [path, title, buttons, link] of drawers) {
    await page.goto(path);
    const opened = drawer(page, title);
    const footer = opened.locator('footer');
    const controls = buttons.map((name) => footer.getByRole('button', { name, exact: true }));
    if (link) controls.push(footer.getByRole('link', { name: link, exact: true }));
    for (const control of controls) {
      await control.waitFor();
      // The drawer slides in first.
      await eventually(async () =>
        assert.deepEqual(await control.evaluate(hiddenParts), [], `${path}: ${await control.innerText()}`),
      );
    }
    const x = opened.getByRole('button', { name: 'Close', exact: true }).first();
    assert.deepEqual(await x.evaluate(hiddenParts), [], `${path}: the X`);
    const sideways = await opened.locator('.body').evaluate((body) => body.scrollWidth - body.clientWidth);
    assert.ok(sideways <= 0, `${path}: nothing to scroll sideways, but ${sideways} px`);
    // What is typed at the very end of a long form is reached by scrolling, and not under the footer.
    await opened.locator('.body').evaluate((body) => body.scrollTo(0, body.scrollHeight));
    const room = await opened.locator('.body').evaluate((body) => body.clientHeight);
    assert.ok(room >= 200, `${path}: ${room} px to work in`);
  }
}

/** Corners of an element that are outside the window or under something else. Runs in the page. */
function hiddenParts(element) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return [
    [left + 4, top + 4],
    [right - 4, top + 4],
    [left + 4, bottom - 4],
    [right - 4, bottom - 4],
  ].filter(([x, y]) => !element.contains(document.elementFromPoint(x, y)));
}
