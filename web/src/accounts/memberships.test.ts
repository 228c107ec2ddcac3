import { describe, expect, test, vi } from 'vitest';
import type { Profile } from '../api/types';

// The session reads the browser's storage when it is made; here only a constant of it is needed.
vi.mock('../api/session.svelte', () => ({ ADMIN_ORGANISATION: 'admin' }));

const {
  choicesOf,
  incompleteness,
  inputOf,
  profilesFor,
  sameChoices,
  tick,
  untick,
  withDefault,
  withProfile,
} = await import('./memberships');

describe('ticking', () => {
  test('the first ticked becomes the default', () => {
    expect(tick(tick([], '~1'), '~2').map(({ isDefault }) => isDefault)).toEqual([true, false]);
  });

  test('an organisation is in it once', () => {
    expect(tick(tick([], '~1', 'analyst'), '~1')).toEqual([
      { organisationId: '~1', profile: 'analyst', isDefault: true },
    ]);
  });

  test('when the default goes, the first that stays takes over', () => {
    expect(untick(tick(tick(tick([], '~1'), '~2'), '~3'), '~1').find(({ isDefault }) => isDefault)).toEqual({
      organisationId: '~2',
      profile: '',
      isDefault: true,
    });
    expect(untick(tick([], '~1'), '~1')).toEqual([]);
  });

  test('there is exactly one default', () => {
    const choices = withDefault(tick(tick([], '~1'), '~2'), '~2');
    expect(choices.filter(({ isDefault }) => isDefault).map(({ organisationId }) => organisationId)).toEqual([
      '~2',
    ]);
  });
});

describe('saving', () => {
  const nameOf = (id: string) => (id === '~1' ? 'admin' : 'Blue team');

  test('needs an organisation, and a profile in each', () => {
    expect(incompleteness([], nameOf)).toBe('Choose at least one organization');
    const ticked = tick(tick([], '~1', 'admin'), '~2');
    expect(incompleteness(ticked, nameOf)).toBe('Choose a profile in Blue team');
    expect(incompleteness(withProfile(ticked, '~2', 'analyst'), nameOf)).toBeUndefined();
  });

  test('is for what differs, whatever the order', () => {
    const one = withDefault(tick(tick([], '~1', 'a'), '~2', 'b'), '~1');
    const other = withDefault(tick(tick([], '~2', 'b'), '~1', 'a'), '~1');
    expect(sameChoices(one, other)).toBe(true);
    expect(sameChoices(one, withDefault(other, '~2'))).toBe(false);
  });

  test('sends ids, profiles and the default', () => {
    expect(inputOf(tick([], '~1', 'admin'))).toEqual([
      { organisation: '~1', profile: 'admin', default: true },
    ]);
  });
});

test('what a user has now names its default, or takes the first', () => {
  const organisations = [
    { organisationId: '~1', organisation: 'admin', profile: 'admin', links: [] },
    { organisationId: '~2', organisation: 'Blue team', profile: 'analyst', links: [] },
  ];
  const defaults = (defaultOrganisation?: string) =>
    choicesOf({ organisations, ...(defaultOrganisation ? { defaultOrganisation } : {}) }).map(
      ({ isDefault }) => isDefault,
    );
  expect(defaults('Blue team')).toEqual([false, true]);
  expect(defaults()).toEqual([true, false]);
});

test('the organisation admin has its own profiles', () => {
  const profile = (name: string, type: Profile['type']) => ({ name, type }) as Profile;
  const profiles = [
    profile('admin', 'Admin'),
    profile('analyst', 'Organisation'),
    profile('external-reader', 'External'),
  ];
  const names = (organisation: string, type: 'Normal' | 'External') =>
    profilesFor({ name: organisation }, type, profiles).map(({ name }) => name);
  expect(names('admin', 'Normal')).toEqual(['admin']);
  expect(names('Blue team', 'Normal')).toEqual(['analyst']);
  expect(names('Blue team', 'External')).toEqual(['external-reader']);
});
