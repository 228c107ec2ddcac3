/** Somebody mistyped a password so often that he has to wait: who manages users ends the waiting. */
import assert from 'node:assert/strict';
import { ADMIN, READER } from '../harness/lab.js';
import { scene } from '../harness/scene.js';

export function wrongPasswords(on) {
  const signIn = async (password) => {
    const { status } = await fetch(`${on.url}/api/v1/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: READER.login, password }),
    });
    return status;
  };

  scene(
    on,
    'wrong passwords are told in the drawer of the user, and Unlock sign-in ends the waiting',
    { as: ADMIN, in: 'admin' },
    async ({ page }) => {
      while ((await signIn('wrong')) === 401);
      assert.equal(await signIn(READER.password), 429);
      await page.goto('/users');
      await page.getByText(READER.name, { exact: true }).click();
      await page.getByText(/^\d+ wrong passwords/).waitFor();
      await page.getByRole('button', { name: 'Unlock sign-in' }).click();
      await page.getByText('No wrong passwords lately').waitFor();
      assert.equal(await signIn(READER.password), 200);
    },
  );
}
