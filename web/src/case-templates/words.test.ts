import { expect, it } from 'vitest';
import type { CaseTemplate } from '../api/types';
import { broughtWords } from './words';

it('counts what a template brings, a field with two values once', () => {
  const template = (parts: object) =>
    ({ tasks: [], customFields: [], tags: [], ...parts }) as unknown as CaseTemplate;
  expect(broughtWords(template({}))).toBe('');
  const customFields = [{ name: 'a' }, { name: 'a' }, { name: 'b' }];
  expect(broughtWords(template({ tasks: [{}], customFields, tags: ['x'] }))).toBe(
    '1 task, 2 custom fields, 1 tag',
  );
});
