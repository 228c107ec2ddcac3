import { describe, expect, it } from 'vitest';
import { missingInOptions, optionsOf, optionValuesOf, purposeOf } from './options';

const options = {
  purpose: 'ImportOnly',
  maxAgeDays: 7,
  maxFileBytes: 1_500_000,
  exclusion: { organisations: [], tags: ['x'] },
};
const values = optionValuesOf({ options });

describe('what only MISP servers are set to', () => {
  it('gives back what it was made of', () => {
    expect(optionsOf(values)).toMatchObject({
      ...options,
      intervalMinutes: 60,
      maxAttributes: null,
      caseTemplate: null,
      whitelist: { organisations: [], tags: [] },
    });
  });

  it('is told in words', () => {
    expect(purposeOf({ options })).toBe('Import events only');
    expect(purposeOf({ options: {} })).toBe('Import events and export cases');
  });

  it('tells what is wrong', () => {
    expect(missingInOptions(values)).toBeUndefined();
    const whole = 'Times and limits are whole numbers';
    expect(missingInOptions({ ...values, maxAgeDays: '0' })).toBe(whole);
    expect(missingInOptions({ ...values, maxAttributes: 'all' })).toBe(whole);
    expect(missingInOptions({ ...values, intervalMinutes: '1.5' })).toBe(whole);
    expect(missingInOptions({ ...values, maxFileMegabytes: '-1' })).toBe('The size of files is a number');
    expect(missingInOptions({ ...values, maxFileMegabytes: '0.5' })).toBeUndefined();
  });
});
