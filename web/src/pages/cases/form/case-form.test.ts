import { describe, expect, it } from 'vitest';
import { changedValues, creationInput, missingIn, newCase } from './case-form';

const filled = { ...newCase('analyst@thehive.local'), title: ' Phishing ', description: 'A mail' };

describe('the form of a case', () => {
  it('says what is missing, the title first', () => {
    expect(missingIn(newCase('a@b.c'))).toBe('Title is required');
    expect(missingIn({ ...newCase('a@b.c'), title: 'x' })).toBe('Description is required');
    expect(missingIn({ ...filled, title: ' \n' })).toBe('Title is required');
    expect(missingIn(filled)).toBeUndefined();
  });

  it('leaves to the server what was left open', () => {
    expect(creationInput(filled)).toEqual({
      title: 'Phishing',
      severity: 2,
      tlp: 2,
      pap: 2,
      tags: [],
      assignee: 'analyst@thehive.local',
      description: 'A mail',
    });
  });

  it('sends only what changed, and null to clear', () => {
    const before = { ...filled, title: 'Phishing', dueDate: 5, tags: ['a'] };
    expect(changedValues(before, { ...before, title: 'Phishing ' })).toEqual({});
    expect(changedValues(before, { ...before, dueDate: null, tags: ['a', 'b'] })).toEqual({
      dueDate: null,
      tags: ['a', 'b'],
    });
  });
});
