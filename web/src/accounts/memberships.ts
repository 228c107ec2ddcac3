/**
 * In which organisations a user works, with which profile, and which of them is the
 * default: the rules of the table that chooses them. Pure; `MembershipTable.svelte` draws it.
 */
import { ADMIN_ORGANISATION } from '../api/session.svelte';
import type { MembershipInput, Organisation, Profile, User, UserType } from '../api/types';

export interface Choice {
  organisationId: string;
  /** Its name; empty until one is chosen. */
  profile: string;
  isDefault: boolean;
}

/** Adds an organisation; the first one becomes the default. */
export function tick(choices: readonly Choice[], organisationId: string, profile = ''): Choice[] {
  if (choices.some((choice) => choice.organisationId === organisationId)) return [...choices];
  return [...choices, { organisationId, profile, isDefault: choices.length === 0 }];
}

/** Takes one away; when it was the default, the first that stays is. */
export function untick(choices: readonly Choice[], organisationId: string): Choice[] {
  const rest = choices.filter((choice) => choice.organisationId !== organisationId);
  return rest.some(({ isDefault }) => isDefault) ? rest : withDefault(rest, rest[0]?.organisationId);
}

export function withProfile(choices: readonly Choice[], organisationId: string, profile: string): Choice[] {
  return choices.map((choice) =>
    choice.organisationId === organisationId ? { ...choice, profile } : choice,
  );
}

export function withDefault(choices: readonly Choice[], organisationId: string | undefined): Choice[] {
  return choices.map((choice) => ({ ...choice, isDefault: choice.organisationId === organisationId }));
}

/** Why this cannot be saved yet, or undefined when it can. */
export function incompleteness(
  choices: readonly Choice[],
  nameOf: (organisationId: string) => string,
): string | undefined {
  if (choices.length === 0) return 'Choose at least one organization';
  const without = choices.find(({ profile }) => profile === '');
  return without ? `Choose a profile in ${nameOf(without.organisationId)}` : undefined;
}

/** The profiles that can be given in an organisation. */
export function profilesFor(
  organisation: Pick<Organisation, 'name'>,
  type: UserType,
  profiles: readonly Profile[],
): Profile[] {
  const wanted =
    organisation.name === ADMIN_ORGANISATION ? 'Admin' : type === 'External' ? 'External' : 'Organisation';
  return profiles.filter((profile) => profile.type === wanted);
}

/** What the user has now. */
export function choicesOf(user: Pick<User, 'organisations' | 'defaultOrganisation'>): Choice[] {
  const choices = user.organisations.map(({ organisationId, organisation, profile }) => ({
    organisationId,
    profile,
    isDefault: organisation === user.defaultOrganisation,
  }));
  return choices.some(({ isDefault }) => isDefault)
    ? choices
    : withDefault(choices, choices[0]?.organisationId);
}

export const inputOf = (choices: readonly Choice[]): MembershipInput[] =>
  choices.map(({ organisationId, profile, isDefault }) => ({
    organisation: organisationId,
    profile,
    default: isDefault,
  }));

/** Whether two sets mean the same; the order of ticking says nothing. */
export function sameChoices(a: readonly Choice[], b: readonly Choice[]): boolean {
  const text = (choices: readonly Choice[]) =>
    JSON.stringify(
      choices
        .map(({ organisationId, profile, isDefault }) => [organisationId, profile, isDefault])
        .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
    );
  return text(a) === text(b);
}
