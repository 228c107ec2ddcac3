/** Part B: sign in as the bootstrap administrator, make an organisation and an analyst. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, ANALYST, ORGANISATION } from '../harness/lab.js';
import { photograph } from '../harness/pictures.js';
import { drawer, field, rail, rowOf, toast } from './places.js';

export function partB(step) {
  step('B1 the door: off until both are filled, one neutral sentence for what is wrong', async (visit) => {
    const { page } = visit;
    visit.watch.expect(/status of 401/);
    await page.goto('/');
    const enter = page.getByRole('button', { name: 'Let me in' });
    await enter.waitFor();
    await photograph(page, 'B1-sign-in');
    assert.ok(await enter.isDisabled(), 'off while empty');
    await page.getByLabel('Login').fill(ADMIN.login);
    assert.ok(await enter.isDisabled(), 'off without a password');
    await page.getByLabel('Password', { exact: true }).fill('not it');
    await enter.click();
    await page.getByRole('alert').filter({ hasText: 'Login or password is not right.' }).waitFor();
    await photograph(page, 'B1-wrong-password');
    await page.reload();
  });

  step('B1 sign in with the default login: lands on Organizations', async ({ page, hand }) => {
    hand.clicks = 0;
    await hand.type(page.getByLabel('Login'), ADMIN.login);
    await hand.type(page.getByLabel('Password', { exact: true }), ADMIN.password);
    await hand.click(page.getByRole('button', { name: 'Let me in' }));
    await page.getByRole('heading', { name: 'Organizations' }).waitFor();
  });

  step('B2 the organizations page: the rail, one row, a soft banner, no case anywhere', async ({ page }) => {
    const names = await rail(page).evaluateAll((links) => links.map((link) => link.ariaLabel));
    assert.deepEqual(names, [
      'Organizations',
      'Users',
      'Entities management',
      'Knowledge base',
      'Attack patterns',
      'Integrations',
      'Platform status',
    ]);
    for (const name of names) {
      await rail(page, name).hover();
      await page.locator('.tooltip').filter({ hasText: name }).waitFor();
    }
    await rowOf(page, 'admin').getByText('Active').waitFor();
    await page.getByText('The default password is still in use').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0, 'nobody is forced to change it');
    assert.equal(await page.getByRole('button', { name: 'Create Case' }).count(), 0);
    await photograph(page, 'B2-organizations');
  });

  step('B3 plus: the drawer to add an organization, Confirm off', async ({ page, hand }) => {
    const add = page.getByTestId('list-add');
    assert.equal(await add.getAttribute('aria-label'), 'Add organization');
    await hand.click(add);
    const adding = drawer(page, 'Adding an organization');
    await adding.getByRole('button', { name: 'Close' }).waitFor();
    await adding.getByRole('button', { name: 'Cancel' }).waitFor();
    assert.ok(await adding.getByRole('button', { name: 'Confirm' }).isDisabled());
    await photograph(page, 'B3-adding-an-organization');
  });

  step('B4 fill and confirm: the row is there without a reload', async ({ page, hand }) => {
    const adding = drawer(page, 'Adding an organization');
    await hand.type(field(adding, 'Name'), ORGANISATION.name);
    await hand.type(field(adding, 'Description'), ORGANISATION.description);
    for (const rule of ['Tasks sharing rule', 'Observables sharing rule']) {
      assert.equal(await adding.getByLabel(rule).inputValue(), 'manual');
    }
    await hand.click(adding.getByRole('button', { name: 'Confirm' }));
    await adding.waitFor({ state: 'detached' });
    await toast(page, `Organization ${ORGANISATION.name} added`).waitFor();
    await rowOf(page, ORGANISATION.name).getByText('Active').waitFor();
    await photograph(page, 'B4-organization-added');
  });

  step('B4 a name that exists is refused at its field', async (visit) => {
    const { page } = visit;
    visit.watch.expect(/status of 400/);
    await page.getByTestId('list-add').click();
    const adding = drawer(page, 'Adding an organization');
    await field(adding, 'Name').fill(ORGANISATION.name);
    await field(adding, 'Description').fill('Again');
    await adding.getByRole('button', { name: 'Confirm' }).click();
    await adding.locator('.field', { hasText: 'Name' }).getByRole('alert').waitFor();
    await photograph(page, 'B4-name-clash');
    await adding.getByRole('button', { name: 'Cancel' }).click();
    await adding.waitFor({ state: 'detached' });
  });

  step('B5 the users', async ({ page, hand }) => {
    await hand.click(rail(page, 'Users'));
    await rowOf(page, ADMIN.name).getByText(ADMIN.login).waitFor();
    await photograph(page, 'B5-users');
  });

  step('B6 plus: the drawer to add a user, of type Normal', async ({ page, hand }) => {
    const add = page.getByTestId('list-add');
    assert.equal(await add.getAttribute('aria-label'), 'Add user');
    await hand.click(add);
    const type = drawer(page, 'Adding a user').getByLabel('Type');
    assert.equal(await type.locator('option:checked').innerText(), 'Normal');
  });

  step('B7 fill, tick the organization, choose the profile', async ({ page, hand }) => {
    const adding = drawer(page, 'Adding a user');
    const confirm = adding.getByRole('button', { name: 'Confirm' });
    await hand.type(field(adding, 'Login'), ANALYST.login);
    await hand.type(field(adding, 'Name'), ANALYST.name);
    assert.ok(await confirm.isDisabled(), 'off without an organization');
    await hand.click(adding.getByRole('checkbox', { name: ORGANISATION.name }));
    assert.ok(await confirm.isDisabled(), 'off without a profile');
    await photograph(page, 'B7-profile-missing');
    const profile = adding.getByLabel(`Profile in ${ORGANISATION.name}`);
    const offered = await profile.locator('option').allInnerTexts();
    for (const name of ['analyst', 'org-admin', 'read-only']) assert.ok(offered.includes(name), name);
    assert.ok(!offered.includes('admin'), 'the platform’s profile is for the platform’s organization');
    await hand.choose(profile, 'analyst');
    const row = adding.getByRole('row').filter({ hasText: ORGANISATION.name });
    await row.getByText('Default', { exact: true }).waitFor();
    assert.ok(await confirm.isEnabled());
    await photograph(page, 'B7-user-filled');
  });

  step('B8 confirm: the user is in the list', async ({ page, hand }) => {
    const adding = drawer(page, 'Adding a user');
    await hand.click(adding.getByRole('button', { name: 'Confirm' }));
    await adding.waitFor({ state: 'detached' });
    await toast(page, `User ${ANALYST.name} added`).waitFor();
    const row = rowOf(page, ANALYST.login);
    await row.getByText('Active').waitFor();
    await row.getByText(`${ORGANISATION.name}: analyst`).waitFor();
    await photograph(page, 'B8-user-added');
  });

  step('B9 hover the line, the eye: the preview', async ({ page, hand }) => {
    const row = rowOf(page, ANALYST.login);
    await row.hover();
    await hand.click(row.getByTestId('row-preview'));
    const preview = drawer(page, ANALYST.name);
    await preview.getByText('Created by Default admin user').waitFor();
    const labels = ['Name', 'Login', 'Email', 'Type', 'Locked', 'MFA', 'API key', 'Password'];
    for (const label of labels) await preview.getByText(label, { exact: true }).first().waitFor();
    for (const heading of ['Organizations', 'Sessions']) {
      await preview.getByRole('heading', { name: heading }).waitFor();
    }
    await preview.getByRole('button', { name: 'Delete user' }).waitFor();
    await photograph(page, 'B9-user-preview');
  });

  step('B9 the eye is there for the keyboard too', async ({ page }) => {
    await page.keyboard.press('Escape');
    const eye = rowOf(page, ANALYST.login).getByTestId('row-preview');
    await page.mouse.move(0, 0);
    await eye.focus();
    await eventually(async () => {
      assert.equal(await eye.evaluate((button) => getComputedStyle(button).opacity), '1');
    });
    await page.keyboard.press('Enter');
    await drawer(page, ANALYST.name).waitFor();
  });

  step('B10 set the password', async ({ page, hand }) => {
    const preview = drawer(page, ANALYST.name);
    await hand.click(preview.getByRole('button', { name: 'Set password' }));
    await hand.type(preview.getByLabel('Password', { exact: true }), ANALYST.password);
    await preview.getByRole('button', { name: /show/i }).waitFor();
    await photograph(page, 'B10-set-password');
    await hand.click(preview.getByRole('button', { name: 'Confirm' }));
    await toast(page, `Password of ${ANALYST.name} set`).waitFor();
    await preview.getByRole('button', { name: 'Edit password' }).waitFor();
    await hand.click(preview.getByRole('button', { name: 'Close' }).first());
    await preview.waitFor({ state: 'detached' });
  });

  step(
    'B11 give the administrator the analyst profile: two organizations, at once',
    async ({ page, hand }) => {
      const row = rowOf(page, ADMIN.login);
      await row.hover();
      await hand.click(row.getByTestId('row-preview'));
      const preview = drawer(page, ADMIN.name);
      await hand.click(preview.getByRole('checkbox', { name: ORGANISATION.name }));
      await preview
        .getByText(/profile/i)
        .first()
        .waitFor();
      await hand.choose(preview.getByLabel(`Profile in ${ORGANISATION.name}`), 'analyst');
      await preview.getByRole('button', { name: 'Permissions of analyst' }).click();
      await preview.getByText('Create cases', { exact: true }).waitFor();
      await photograph(page, 'B11-second-organization');
      await hand.click(preview.getByRole('button', { name: 'Confirm' }));
      await toast(page, `Organizations of ${ADMIN.name} saved`).waitFor();
      await hand.click(preview.getByRole('button', { name: 'Close' }).first());
      await preview.waitFor({ state: 'detached' });
      await row.getByText('admin: admin').waitFor();
      await row.getByText(`${ORGANISATION.name}: analyst`).waitFor();
      await page.getByRole('button', { name: 'Switch organization, current: admin' }).waitFor();
    },
  );
}
