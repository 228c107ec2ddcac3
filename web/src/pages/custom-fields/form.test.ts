import { describe, expect, it } from 'vitest';
import { inputOf, missingIn, nameFrom, newField } from './form';

describe('the form of a custom field', () => {
  it('makes the technical name of the display name', () => {
    expect(nameFrom('  Betroffene Öffentlichkeit (Zahl) ')).toBe('betroffene-offentlichkeit-zahl');
    expect(nameFrom('日本')).toBe('');
  });

  it('says what is missing, options that do not suit the type included', () => {
    const values = { ...newField(), displayName: 'Score', name: 'score' };
    expect(missingIn(newField())).toBe('Display name is required');
    expect(missingIn(values)).toBeUndefined();
    expect(missingIn({ ...values, type: 'integer', options: '1\nx' })).toBe(
      'An option does not suit the type',
    );
  });

  it('sends options as values of the type, and none of a type that has none', () => {
    const values = { ...newField(), displayName: 'Score', name: 'score', options: '1\n2' };
    expect(inputOf({ ...values, type: 'integer' }).options).toEqual([1, 2]);
    expect(inputOf({ ...values, type: 'boolean' }).options).toEqual([]);
  });
});
