/** Traps 1 to 3: the wrong organisation, a profile that was forgotten, a password that ends in a space. */
import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.js';
import { ADMIN, createCase, ORGANISATION } from '../harness/lab.js';
import { scene } from '../harness/scene.js';
import { drawer, field, rail, rowOf, toast } from '../lab/places.js';

export function accounts(on) {
  scene(
    on,
    '1 in the organization admin there is no case, and the hint says where they are',
    { as: ADMIN },
    async ({ page }) => {
      const { number, title } = await createCase(on.laidOut.admin, { title: 'Out of sight of the platform' });
      for (const path of ['/cases', `/cases/${number}`, '/tasks']) {
        await page.goto(path);
        await page.getByText(/Switch organization to work on cases/).waitFor();
        assert.equal(await page.getByText(title).count(), 0);
        assert.equal(await page.getByRole('button', { name: 'Create Case' }).count(), 0);
      }
      assert.equal(await rail(page, 'Cases').count(), 0);
      await page.locator('main').press('c');
      await page.keyboard.press('Control+k');
      const palette = page.getByRole('dialog', { name: 'Search and actions' });
      await palette.getByRole('option', { name: /Logout/ }).waitFor();
      assert.equal(await palette.getByRole('option', { name: /Create case/i }).count(), 0);
      await palette.getByRole('combobox').fill(title);
      await palette.getByText(/Nothing found/).waitFor();
      await page.keyboard.press('Escape');
      await palette.waitFor({ state: 'detached' });

      await page.goto(`/cases/${number}`);
      await page.getByRole('button', { name: `Switch to ${ORGANISATION.name}` }).click();
      await page.getByRole('heading', { name: `#${number} ${title}` }).waitFor();
    },
  );

  scene(on, '2 Confirm is off while a profile is missing, and says so', { as: ADMIN }, async ({ page }) => {
    await page.goto('/users?drawer=new');
    const adding = drawer(page, 'Adding a user');
    const confirm = adding.getByRole('button', { name: 'Confirm' });
    await field(adding, 'Login').fill('profileless@thehive.local');
    await field(adding, 'Name').fill('Profileless');
    await adding.getByText('Choose at least one organization').waitFor();
    await adding.getByRole('checkbox', { name: ORGANISATION.name }).check();
    await adding.getByText(`Choose a profile in ${ORGANISATION.name}`).waitFor();
    assert.ok(await confirm.isDisabled());
    assert.match(await described(confirm), /Choose a profile in/, 'a screen reader hears it at the button');
    await page.keyboard.press('Control+Enter');
    assert.ok(await adding.isVisible(), 'nor does the key confirm');
    await adding.getByLabel(`Profile in ${ORGANISATION.name}`).selectOption('analyst');
    await confirm.click();
    await toast(page, 'User Profileless added').waitFor();

    // The same for a user who is there already, as in B11.
    await rowOf(page, 'Profileless').getByTestId('row-preview').click();
    const preview = drawer(page, 'Profileless');
    await preview.getByRole('checkbox', { name: 'admin', exact: true }).check();
    await preview.getByRole('checkbox', { name: ORGANISATION.name }).uncheck();
    await preview.getByRole('checkbox', { name: ORGANISATION.name }).check();
    await preview.getByText(`Choose a profile in ${ORGANISATION.name}`).waitFor();
    assert.ok(await preview.getByRole('button', { name: 'Confirm' }).isDisabled());
    await preview.getByRole('button', { name: 'Cancel' }).click();
  });

  scene(
    on,
    '3 a space at the end of a password counts, and the eye shows it',
    { as: ADMIN },
    async ({ page }) => {
      const login = 'spaced@thehive.local';
      const password = 'Analyst-2026 ';
      await on.laidOut.platform.post('/api/v1/user', {
        login,
        name: 'Spaced',
        organisation: ORGANISATION.name,
        profile: 'analyst',
      });
      await page.goto('/users');
      await rowOf(page, login).getByTestId('row-preview').click();
      const preview = drawer(page, 'Spaced');
      await preview.getByRole('button', { name: 'Set password' }).click();
      await eye(preview, password);
      await preview.getByRole('button', { name: 'Confirm' }).click();
      await toast(page, 'Password of Spaced set').waitFor();

      const visit = await on.visit();
      try {
        visit.watch.expect(/status of 401/);
        await visit.page.goto('/');
        const door = visit.page.getByRole('button', { name: 'Let me in' });
        await visit.page.getByLabel('Login').fill(login);
        await eye(visit.page, password.trimEnd());
        await door.click();
        await visit.page.getByText('Login or password is not right.').waitFor();
        await visit.page.getByLabel('Password', { exact: true }).fill(password);
        await door.click();
        await visit.page.getByTestId('user-menu').waitFor();
      } finally {
        await visit.close();
      }
    },
  );
}

/** Types a password hidden, looks at it, and hides it again. */
async function eye(within, password) {
  const box = within.getByLabel('Password', { exact: true });
  await box.fill(password);
  assert.equal(await box.getAttribute('type'), 'password');
  await within.getByRole('button', { name: 'Show what is typed' }).click();
  await eventually(async () => assert.equal(await box.getAttribute('type'), 'text'));
  assert.equal(await box.inputValue(), password);
  await within.getByRole('button', { name: 'Hide what is typed' }).click();
  await eventually(async () => assert.equal(await box.getAttribute('type'), 'password'));
  assert.equal(await box.inputValue(), password);
}

/** What a screen reader says about a control besides its name. */
const described = (control) =>
  control.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  );
