/** The tabs of the settings, each with an address. */
interface SettingsTab {
  id: 'infos' | 'password' | 'api-key' | 'mfa' | 'sessions' | 'options';
  label: string;
  href: string;
}

const tab = (id: SettingsTab['id'], label: string): SettingsTab => ({ id, label, href: `/settings/${id}` });

export const SETTINGS_TABS: readonly [SettingsTab, ...SettingsTab[]] = [
  { id: 'infos', label: 'Infos', href: '/settings' },
  tab('password', 'Password'),
  tab('api-key', 'API key'),
  tab('mfa', 'MFA'),
  tab('sessions', 'Sessions'),
  tab('options', 'Options'),
];
