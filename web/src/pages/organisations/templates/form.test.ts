import { describe, expect, it } from 'vitest';
import { creationInput, missingIn, newTemplate, updateInput } from './form';

describe('the form of a case template', () => {
  const values = { ...newTemplate(), name: 'phishing', displayName: 'Phishing' };

  it('needs a name', () => {
    expect(missingIn(newTemplate())).toBe('Display name is required');
    expect(missingIn(values)).toBeUndefined();
  });

  it('leaves out what is left open, and clears it in one that is there', () => {
    const made = creationInput(values);
    expect('severity' in made || 'titlePrefix' in made || 'description' in made).toBe(false);
    const changed = updateInput({ ...values, tlp: 1, titlePrefix: '[P]' });
    expect([changed.severity, changed.tlp, changed.titlePrefix, changed.description]).toEqual([
      null,
      1,
      '[P]',
      null,
    ]);
  });
});
