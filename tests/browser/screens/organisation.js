/** What the manager of an organisation has beside its people: case templates and tags. */
import { screen } from './screen.js';

const managed = (name, how) => screen(name, { as: 'manager', ...how });
const dialog = (page) => page.getByRole('dialog').last();

async function preview(page, text) {
  const row = page.locator('tbody').getByRole('row').filter({ hasText: text }).first();
  await row.hover();
  await row.getByTestId('row-preview').click();
  await dialog(page).waitFor();
}

export const organisationScreens = [
  managed('case-templates', { at: '/organisation/case-templates', ready: 'Ransomware' }),
  managed('case-templates-new', {
    at: '/organisation/case-templates?drawer=new',
    ready: 'Adding a case template',
  }),
  managed('case-templates-edit', {
    at: '/organisation/case-templates',
    act: (page) => preview(page, 'Phishing'),
    ready: 'Find who else got it',
  }),
  managed('case-templates-delete', {
    at: '/organisation/case-templates',
    act: async (page) => {
      await preview(page, 'Ransomware');
      await dialog(page).getByRole('button', { name: 'Delete case template' }).click();
    },
    ready: 'It is gone for good',
  }),
  managed('tags', { at: '/organisation/tags', ready: 'authentication' }),
  managed('tags-edit', {
    at: '/organisation/tags?where=text:contains:phishing',
    act: (page) => preview(page, 'phishing'),
  }),
];
