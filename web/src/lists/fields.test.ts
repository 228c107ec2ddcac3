import { describe, expect, it } from 'vitest';
import type { EntityDescription } from '../api/types';
import { describe as inWords, mergeFields, words } from './fields';

const usual = { aggregable: true, indexType: 'standard' } as const;
const description: EntityDescription = {
  label: 'case',
  path: '',
  initialQuery: 'listCase',
  attributes: [
    {
      name: 'severity',
      type: 'enumeration',
      cardinality: 'single',
      ...usual,
      values: [1, 2],
      labels: ['low', 'medium'],
    },
    { name: 'timeToDetect', type: 'integer', cardinality: 'single', ...usual },
    { name: 'customFields.site', type: 'string', cardinality: 'option', ...usual },
  ],
};
const people = () => [{ value: 'analyst@thehive.local', label: 'Analyst' }];
const fields = mergeFields(
  [
    { name: 'assignee', label: 'Assignee', type: 'user', cardinality: 'option' },
    { name: 'severity', label: 'Severity', type: 'enumeration' },
    { name: '_createdAt', label: 'Created', type: 'date' },
  ],
  description,
  people,
);

describe('mergeFields', () => {
  it('keeps the order of the definition and adds custom fields only', () => {
    expect(fields.map(({ label }) => label)).toEqual(['Assignee', 'Severity', 'Created', 'site']);
  });

  it('takes values and labels from the description', () => {
    expect(fields[1]?.options()).toEqual([
      { value: '1', label: 'Low' },
      { value: '2', label: 'Medium' },
    ]);
  });
});

describe('a condition in words', () => {
  const say = (field: string, operator: 'any' | 'after' | 'last' | 'empty', ...values: string[]) =>
    inWords({ field, operator, values }, fields, () => '24 Nov 2026');

  it('shows names, not logins', () => {
    expect(say('assignee', 'any', 'analyst@thehive.local')).toBe('Assignee, any of: Analyst');
    expect(say('severity', 'any', '1', '2')).toBe('Severity, any of: Low, Medium');
    expect(say('_createdAt', 'after', '123')).toBe('Created, after: 24 Nov 2026');
    expect(say('_createdAt', 'last', '7')).toBe('Created, in the last days: 7');
    expect(say('assignee', 'empty')).toBe('Assignee is empty');
  });
});

describe('words', () => {
  it('separates what is written together', () => {
    expect(words('TruePositive')).toBe('True Positive');
    expect(words('low')).toBe('Low');
  });
});
