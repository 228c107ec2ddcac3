import { describe, expect, it } from 'vitest';
import { messageIn, operationsOf, parsed, stateOf, taxonomiesIn } from './words';

describe('reports', () => {
  it('have taxonomies, and what is none is left out', () => {
    const good = { level: 'malicious', namespace: 'VT', predicate: 'Score', value: 9 };
    expect(taxonomiesIn({ taxonomies: [good, null, 'x', { level: 'loud' }] })).toEqual([
      { ...good, value: '9' },
      { level: 'info', namespace: '', predicate: '', value: '' },
    ]);
    for (const odd of [undefined, null, 7, {}, { taxonomies: 'x' }]) expect(taxonomiesIn(odd)).toEqual([]);
  });

  it('say why they failed', () => {
    expect(messageIn({ success: false, errorMessage: 'quota' })).toBe('quota');
    expect(messageIn({ full: { message: 'blocked' } })).toBe('blocked');
    expect(messageIn(undefined)).toBe('');
    expect(parsed('{')).toBeUndefined();
  });

  it('tell what was done', () => {
    const operations = JSON.stringify([{ type: 'AddTagToCase', status: 'Success', message: 'm', tag: 't' }]);
    expect(operationsOf({ operations })).toEqual([{ type: 'AddTagToCase', status: 'Success', message: 'm' }]);
    expect(operationsOf({ operations: 'no list' })).toEqual([]);
    expect(stateOf('InProgress').label).toBe('Running');
    expect(stateOf('Deleted').label).toBe('Deleted');
  });
});
