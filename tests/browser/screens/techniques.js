/** TTPs, the timeline and the pages of a case; the matrix, the knowledge base, the catalogs. */
import { NUMBERS } from '../believable/cases.js';
import { PAGE, PROCEDURES } from '../believable/techniques.js';
import { screen } from './screen.js';

const FULL = `/cases/${NUMBERS.full}`;
const main = (page) => page.getByRole('main');
const cell = (page, name) => main(page).getByRole('button', { name }).first();

export const techniqueScreens = [
  screen('case-ttps', { at: `${FULL}/ttps`, ready: PROCEDURES[0][0] }),
  screen('case-ttps-matrix', {
    at: `${FULL}/ttps?view=matrix`,
    ready: (page) => cell(page, /Phishing, used once/),
  }),
  screen('case-ttps-none', {
    at: `/cases/${NUMBERS.closed}/ttps`,
    ready: (page) => main(page).locator('.techniques'),
  }),
  screen('case-ttps-add', {
    at: `${FULL}/ttps`,
    act: async (page) => {
      await main(page).getByText(PROCEDURES[0][0]).waitFor();
      await main(page).getByRole('button', { name: 'Add TTP' }).first().click();
      const drawer = page.getByRole('dialog', { name: 'Adding a TTP' });
      await drawer.getByRole('combobox', { name: /Technique/ }).fill('phish');
      await page.getByRole('option', { name: /^T1566 - Phishing/ }).waitFor();
    },
  }),
  screen('case-timeline', {
    at: `${FULL}/timeline`,
    act: async (page) => {
      const event = main(page).getByRole('button', { name: /Call from the bank/ });
      await event.waitFor();
      await event.focus();
    },
    ready: (page) => main(page).getByRole('article', { name: 'The chosen event' }),
  }),
  screen('case-timeline-list', { at: `${FULL}/timeline?view=list`, ready: 'Call from the bank' }),
  screen('case-timeline-add', {
    at: `${FULL}/timeline?drawer=add-event`,
    ready: (page) => page.getByRole('dialog', { name: 'Adding an event' }),
  }),
  screen('case-pages', { at: `${FULL}/pages`, ready: 'Open questions' }),
  screen('case-pages-edit', {
    at: `${FULL}/pages`,
    act: async (page) => {
      await main(page).getByText('Open questions').waitFor();
      await main(page).getByRole('button', { name: 'Edit', exact: true }).click();
      await main(page)
        .getByRole('form', { name: `Editing ${PAGE.title}` })
        .waitFor();
    },
  }),
  screen('case-pages-none', { at: `/cases/${NUMBERS.closed}/pages`, ready: 'No page yet' }),
  screen('techniques', { at: '/techniques', ready: (page) => cell(page, /Phishing, used/) }),
  screen('techniques-filter', {
    at: '/techniques?where=stage:any:New,InProgress',
    act: async (page) => {
      await cell(page, /Phishing, used/).waitFor();
      await main(page).getByRole('searchbox', { name: 'Find a technique' }).fill('phish');
    },
  }),
  screen('knowledge-base', { at: '/knowledge-base', ready: 'Thank the reporter' }),
  screen('knowledge-base-new', {
    at: '/knowledge-base?page=new',
    ready: (page) => main(page).getByRole('form', { name: 'New page' }),
  }),
  screen('page-templates', { as: 'newcomer', at: '/page-templates', ready: 'No page template yet' }),
  screen('attack-patterns', { as: 'platform', at: '/attack-patterns', ready: 'Enterprise Attack' }),
  screen('attack-patterns-import', {
    as: 'platform',
    at: '/attack-patterns?drawer=import',
    ready: 'Choose a bundle',
  }),
  screen('attack-patterns-preview', {
    as: 'platform',
    at: '/attack-patterns',
    act: async (page) => {
      await main(page).getByRole('button', { name: 'Monitor Process State', exact: true }).click();
    },
    ready: (page) => page.getByRole('dialog', { name: /^T0801/ }),
  }),
];
