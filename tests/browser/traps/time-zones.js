/** Trap 9: times are the reader's, whatever the zone of the server. */
import assert from 'node:assert/strict';
import { ADMIN, ANALYST, createCase, ORGANISATION } from '../harness/lab.js';
import { meeting } from '../harness/scene.js';
import { rowOf } from '../lab/places.js';

/** 03:30 UTC: noon in Tokyo, and the day before in New York. */
const STARTED = Date.UTC(2026, 0, 15, 3, 30);
/** Room for the column of start dates. */
const WIDE = [1920, 1080];
const TOKYO = { timezoneId: 'Asia/Tokyo', size: WIDE, as: ANALYST };
const NEW_YORK = { timezoneId: 'America/New_York', size: WIDE, as: ADMIN, in: ORGANISATION.name };

export function timeZones(on) {
  meeting(
    on,
    '9 times are in the zone of the browser',
    [TOKYO, NEW_YORK],
    async ({ page: tokyo }, { page: newYork }) => {
      const { number, title } = await createCase(on.laidOut.analyst, {
        title: 'Seen from two ends of the world',
        startDate: STARTED,
        tasks: [],
      });
      const expected = [
        [tokyo, '15 Jan 2026, 12:30', /January 15, 2026.*12:30:00 GMT\+9/],
        [newYork, '14 Jan 2026, 22:30', /January 14, 2026.*22:30:00 EST/],
      ];
      for (const [page, short, full] of expected) {
        await page.goto(`/cases?where=title:contains:two ends`);
        const cell = rowOf(page, title)
          .locator(`time[datetime="${new Date(STARTED).toISOString()}"]`)
          .first();
        assert.match(await cell.getAttribute('title'), full);
        await page.goto(`/cases/${number}`);
        const start = page.getByRole('button', { name: /^Edit Start date/ });
        assert.match(await start.innerText(), new RegExp(short));
        assert.match(await start.locator('time').getAttribute('title'), full);
      }

      // What is typed is of the zone, too; the other end sees the same moment.
      await tokyo.getByRole('button', { name: /^Edit Due date/ }).click();
      const due = tokyo.getByLabel('Due date').first();
      await due.fill('2027-02-01T09:00');
      await tokyo.getByRole('button', { name: 'Save' }).click();
      await newYork.getByRole('button', { name: /^Edit Due date:.*31 Jan 2027, 19:00/ }).waitFor();
      await newYork.getByRole('button', { name: /^Edit Due date/ }).click();
      assert.equal(await newYork.getByLabel('Due date').first().inputValue(), '2027-01-31T19:00');
      const { dueDate } = await on.laidOut.analyst.get(`/api/v1/case/${number}`);
      assert.equal(dueDate, Date.UTC(2027, 1, 1, 0, 0));

      // A filter by date means days of the zone: 15 January in Tokyo has it, in New York it has not.
      const day = 'where=title:contains:two ends;startDate:after:';
      const from = async (page, text) => {
        await page.goto('/cases?where=title:contains:two ends');
        const at = await page.evaluate((local) => new Date(local).getTime(), text);
        await page.goto(`/cases?${day}${at}`);
        await page.getByRole('group', { name: 'Active filters' }).waitFor();
      };
      await from(tokyo, '2026-01-15T00:00');
      await rowOf(tokyo, title).waitFor();
      await from(newYork, '2026-01-15T00:00');
      await newYork.getByText('No case matches; clear filters').waitFor();
    },
  );
}
