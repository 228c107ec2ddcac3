import { describe, expect, it } from 'vitest';
import type { CaseTemplate } from '../../../api/types';
import { inputOf, newDraft } from './draft';

const template = {
  _id: '~7',
  name: 'phishing',
  severity: 3,
  tags: ['mail'],
  description: 'What to do',
  tasks: [{ title: 'look', group: 'default', mandatory: true, flag: false, order: 0 }],
  customFields: [
    { name: 'site', value: null, type: 'string', order: 0 },
    { name: 'score', value: 7, type: 'integer', order: 1 },
  ],
} as unknown as CaseTemplate;

describe('the draft of a case', () => {
  it('begins with what the template gives', () => {
    const draft = newDraft('ana@acme.test', template);
    expect([draft.severity, draft.tlp, draft.tags, draft.description]).toEqual([
      3,
      2,
      ['mail'],
      'What to do',
    ]);
    expect(draft.tasks.map(({ title, mandatory }) => [title, mandatory])).toEqual([['look', true]]);
  });

  it('sends what it shows, and names the template', () => {
    const draft = { ...newDraft('ana@acme.test', template), title: 'Odd mail', tasks: [] };
    const body = inputOf(draft, template);
    expect([body.caseTemplate, body.tasks, body.title]).toEqual(['~7', [], 'Odd mail']);
    expect(body.customFields).toEqual([
      { name: 'site', value: null, order: 0 },
      { name: 'score', value: 7, order: 1 },
    ]);
  });

  it('says nothing of tasks and fields that it does not have', () => {
    const body = inputOf({ ...newDraft('ana@acme.test'), title: 't', description: 'd' });
    expect('tasks' in body || 'customFields' in body || 'caseTemplate' in body).toBe(false);
  });
});
