/** What one can do from anywhere about oneself: change organisation, theme, settings, sign out. For the palette. */
import { preferences } from '../accounts/preferences.svelte';
import { session } from '../api/session.svelte';
import type { Binding } from '../keys';
import { place } from '../location.svelte';
import { exists } from '../routes';
import { toastProblem } from '../ui/toasts.svelte';
import { homePath } from './entries';

/** Moves this tab to another organisation and its first page. */
export async function switchTo(organisationId: string): Promise<void> {
  if (organisationId === session.current?.organisation._id) return;
  try {
    await session.switchOrganisation(organisationId);
    place.go(homePath() ?? '/');
  } catch (thrown) {
    toastProblem(thrown);
  }
}

const forPalette = (label: string, action: () => void): Binding => ({
  scope: 'global',
  keys: [],
  label,
  action,
});

export function accountActions(): Binding[] {
  const others = session.organisations.filter(
    ({ organisationId, locked }) => !locked && organisationId !== session.current?.organisation._id,
  );
  return [
    ...others.map(({ organisationId, organisation }) =>
      forPalette(`Switch organization to ${organisation}`, () => void switchTo(organisationId)),
    ),
    ...SETTINGS.filter(([, path]) => exists(path)).map(([label, path]) =>
      forPalette(label, () => place.go(path)),
    ),
    forPalette('Theme: light', () => preferences.chooseTheme('light')),
    forPalette('Theme: dark', () => preferences.chooseTheme('dark')),
    forPalette('Theme: as the system', () => preferences.chooseTheme('system')),
    forPalette('Logout', () => void session.signOut().catch(toastProblem)),
  ];
}

const SETTINGS: readonly (readonly [string, string])[] = [
  ['Change password', '/settings/password'],
  ['My API key', '/settings/api-key'],
  ['Multi-factor authentication', '/settings/mfa'],
  ['My sessions', '/settings/sessions'],
  ['Options of the interface', '/settings/options'],
];
