import { describe, expect, it } from 'vitest';
import type { Audit, FlowEntry } from '../api/types';
import { sentenceOf } from './sentence';

const names = { person: (login: string) => `<${login}>`, date: String };
const theCase = { _id: '~1', number: 7, title: 'Phishing' };

const entry = (base: Partial<Audit>, summary: FlowEntry['summary'] = {}): FlowEntry => ({
  base: {
    _id: '~9',
    _type: 'Audit',
    _createdBy: 'admin@thehive.local',
    _createdAt: 0,
    action: 'update',
    requestId: 'r',
    rootId: '~1',
    details: {},
    changes: [],
    mainAction: true,
    objectId: '~1',
    objectType: 'Case',
    object: theCase,
    context: theCase,
    ...base,
  },
  summary,
});

describe('an entry of the feed', () => {
  it('names a new case with its tasks', () => {
    const sentence = sentenceOf(entry({ action: 'create' }, { Task: { create: 3 } }), names);
    expect(sentence).toMatchObject({
      verb: 'created the case',
      object: { label: '#7 - Phishing', href: '/cases/7' },
      along: 'with 3 tasks',
    });
  });

  it('lists what changed, with names for logins', () => {
    const changes = [{ field: 'assignee', before: null, after: 'a@b.c' }];
    expect(sentenceOf(entry({ changes }), names).changes).toEqual([
      { field: 'Assignee', before: 'none', after: '<a@b.c>' },
    ]);
  });

  it('leads to a task, and from a comment to its case', () => {
    const task = { _id: '~3', title: 'Look' };
    expect(sentenceOf(entry({ objectType: 'Task', objectId: '~3', object: task }), names)).toMatchObject({
      object: { label: 'Look', href: '/cases/7/tasks/~3' },
      within: { label: '#7 - Phishing', href: '/cases/7' },
    });
    const comment = { message: 'Who?' };
    expect(
      sentenceOf(entry({ action: 'create', objectType: 'Comment', object: comment }), names),
    ).toMatchObject({ verb: 'commented', quote: 'Who?', within: { href: '/cases/7' } });
  });

  it('does not lead to what is gone', () => {
    const gone = entry({ action: 'delete', details: { number: 7, title: 'Phishing' } });
    delete gone.base.object;
    expect(sentenceOf(gone, names).object).toEqual({ label: '#7 - Phishing' });
  });
});
