import { describe, expect, it } from 'vitest';
import type { Audit } from '../api/types';
import { changesOf, remark, titleOf } from './words';

const audit = (more: Partial<Audit>): Audit => ({
  _id: '~1',
  _type: 'Audit',
  _createdBy: 'a@x.org',
  _createdAt: 1,
  action: 'update',
  requestId: 'r',
  rootId: '~2',
  objectId: '~2',
  objectType: 'Case',
  details: {},
  changes: [],
  mainAction: true,
  ...more,
});

const names = { person: (login: string) => `Name of ${login}`, date: (at: number) => `day ${String(at)}` };

const line = (objectType: string, field: string, before: unknown, after: unknown) =>
  changesOf(audit({ objectType, changes: [{ field, before, after }] }), names).map(
    (change) => `${change.field}: ${change.before} → ${change.after}`,
  )[0];

describe('changesOf', () => {
  it('says names, words and dates instead of what is on the wire', () => {
    expect(line('Case', 'assignee', 'a@x.org', null)).toBe('Assignee: Name of a@x.org → none');
    expect(line('Case', 'severity', 2, 4)).toBe('Severity: Medium → Critical');
    expect(line('Case', 'tlp', 2, 3)).toBe('TLP: Amber → Amber+Strict');
    expect(line('Case', 'status', 'New', 'TruePositive')).toBe('Status: New → True Positive');
    expect(line('Task', 'status', 'InProgress', 'Cancel')).toBe('Status: In progress → Canceled');
    expect(line('Case', 'impactStatus', null, 'NoImpact')).toBe('Impact: none → No');
    expect(line('Case', 'endDate', null, 7)).toBe('End date: none → day 7');
    expect(line('Case', 'tags', [], ['a', 'b'])).toBe('Tags: none → a, b');
    expect(line('Task', 'flag', false, true)).toBe('Flag: no → yes');
    expect(line('Task', 'order', 0, 2)).toBe('Place in the list: 1 → 3');
  });

  it('says who sees a case', () => {
    const all = { _kind: 'OrganisationAccessKind' };
    const some = { _kind: 'UserAccessKind', users: ['a@x.org', 'b@x.org'] };
    expect(line('Case', 'access', all, some)).toBe(
      'Seen by: all members → only Name of a@x.org, Name of b@x.org',
    );
    const outside = { _kind: 'ExternalAccessKind', users: ['a@x.org'] };
    expect(line('Case', 'access', outside, { _kind: 'AllExternalAccessKind' })).toBe(
      'Seen by: all members, Name of a@x.org → all members, everybody from outside',
    );
    expect(line('Case', 'owningOrganisation', 'acme', 'other')).toBe('Owned by: acme → other');
  });

  it('leaves out the stage, which the status says', () => {
    expect(line('Case', 'stage', 'New', 'Closed')).toBeUndefined();
  });

  it('shows a field it does not know as it is', () => {
    expect(line('Case', 'colour', 'red', 'blue')).toBe('colour: red → blue');
  });
});

describe('titleOf', () => {
  it('prefers the object as it is now, and falls back to what is told of one that is gone', () => {
    expect(titleOf(audit({ object: { title: 'Now' }, details: { title: 'Then' } }))).toBe('Now');
    expect(titleOf(audit({ details: { title: 'Then' } }))).toBe('Then');
    expect(titleOf(audit({ object: { message: 'Said' } }))).toBe('Said');
    expect(titleOf(audit({}))).toBe('');
  });
});

describe('remark', () => {
  it('tells what no property does', () => {
    expect(remark(audit({ details: { share: { organisation: 'acme', profile: 'org-admin' } } }))).toBe(
      'Shared with acme as org-admin',
    );
    for (const [details, words] of [
      [{ share: { organisation: 'acme' } }, 'Shared with acme'],
      [{ unshare: { organisation: 'acme' } }, 'No longer shared with acme'],
      [{ shared: true }, 'Shared with more organizations'],
      [{ mergedInto: { caseId: '~3', number: 7 } }, 'Merged into case #7'],
      [{ unmerged: { caseId: '~3', number: 7 } }, 'Taken out of case #7, into which it was merged'],
      [{ linkAdded: { type: 'relates to', caseId: '~3' } }, 'Link added: relates to (another case)'],
      [
        { linkRemoved: { type: 'ticket', url: 'https://t.example/1' } },
        'Link removed: ticket (https://t.example/1)',
      ],
      [{ restored: true }, 'Taken out of the bin'],
    ] as const) {
      expect(remark(audit({ details }))).toBe(words);
    }
    expect(remark(audit({ details: { title: 'x' } }))).toBeUndefined();
  });
});
