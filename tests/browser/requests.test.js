/** What the pages ask the program for: a list once, whatever the number of its rows, and nothing for each row. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { Api } from './harness/api.js';
import { ADMIN, ANALYST, CASE, ORGANISATION, provision } from './harness/lab.js';
import { scene, stage } from './harness/scene.js';

const CASES = 12;

describe('requests', () => {
  const on = stage({
    layOut: async (url) => {
      await provision(url);
      const analyst = new Api(url, ANALYST, ORGANISATION.name);
      for (let n = 0; n < CASES; n += 1) {
        await analyst.post('/api/v1/case', {
          title: `${CASE.title} ${n}`,
          description: 'One of many',
          tags: [`tag-${n}`],
          tasks: [{ title: 'Look' }, { title: 'Act' }],
        });
      }
    },
  });

  const lists = [
    { path: '/cases', start: 'listCase', as: ANALYST },
    { path: '/cases?sort=-severity&where=stage:any:New', start: 'listCase', as: ANALYST },
    { path: '/tasks', start: 'listTask', as: ANALYST },
    { path: '/users', start: 'listUser', as: ADMIN, in: 'admin' },
    { path: '/organisations', start: 'listOrganisation', as: ADMIN, in: 'admin' },
    { path: '/profiles', start: 'listProfile', as: ADMIN, in: 'admin' },
  ];
  for (const { path, start, ...who } of lists) {
    scene(on, `${path} asks for its rows once`, who, async ({ page }) => {
      // Where it is after signing in may still be asking.
      await page.goto('about:blank');
      const asked = recordRequests(page);
      await page.goto(path);
      await page.getByRole('checkbox').or(page.getByRole('row').nth(1)).first().waitFor();
      await page.waitForLoadState('load');
      // Whatever would be asked once people and described values are known.
      await page.waitForTimeout(1_000);
      const pages = asked.filter(({ body }) => body?.query?.[0]?._name === start && pageOf(body));
      assert.equal(pages.length, 1, said(asked));
      // Session, feed, preferences, two badges, people, fields, choices: as many for ten thousand rows.
      assert.ok(asked.length <= CASES, said(asked));
    });
  }
});

/** The queries of lists ask for a page of the usual size; those for choices do not. */
const pageOf = ({ query }) => query.find(({ _name, from, to }) => _name === 'page' && to - from === 30);

const said = (asked) => asked.map(({ what, body }) => `${what} ${JSON.stringify(body)}`).join('\n');

function recordRequests(page) {
  const asked = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith('/api/')) return;
    asked.push({ what: `${request.method()} ${pathname}`, body: request.postDataJSON() ?? undefined });
  });
  return asked;
}
