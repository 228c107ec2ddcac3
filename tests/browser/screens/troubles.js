/** What is seen when nothing is there, when little is allowed, and when something fails. */
import { NUMBERS } from '../believable/cases.js';
import { screen } from './screen.js';

export const troubleScreens = [
  screen('reader-cases', { as: 'reader', at: '/cases', ready: (page) => page.locator('tbody tr').nth(3) }),
  screen('reader-case', { as: 'reader', at: `/cases/${NUMBERS.full}`, ready: 'What is known' }),
  screen('reader-tasks', {
    as: 'reader',
    at: `/cases/${NUMBERS.full}/tasks`,
    ready: 'Review the reported email',
  }),
  screen('empty-cases', { as: 'newcomer', at: '/cases', ready: 'No cases yet' }),
  screen('empty-tasks', { as: 'newcomer', at: '/tasks', ready: /no tasks/i }),
  screen('empty-bin', { as: 'newcomer', at: '/cases/bin', ready: (page) => page.getByRole('main') }),
  screen('empty-inbox', {
    as: 'newcomer',
    at: '/cases?drawer=inbox',
    ready: (page) => page.getByRole('dialog', { name: 'Inbox' }),
  }),
  screen('empty-live-feed', {
    as: 'newcomer',
    at: '/cases?drawer=live-feed',
    ready: (page) => page.getByRole('dialog'),
  }),
  screen('no-such-page', { at: '/nowhere', ready: 'There is no such page' }),
  screen('wrong-organisation', { as: 'platform', at: '/cases', ready: 'Not in this organization' }),
];
