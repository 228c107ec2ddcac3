import { describe, expect, it } from 'vitest';
import { EventStreamParser } from './sse';

describe('EventStreamParser', () => {
  it('puts events together across pieces', () => {
    const parser = new EventStreamParser();
    expect(parser.push('id: 7\nevent: au')).toEqual([]);
    expect(parser.push('dit\ndata: {"a":')).toEqual([]);
    expect(parser.push('1}\n\nid: 8\n')).toEqual([{ id: '7', event: 'audit', data: '{"a":1}' }]);
    expect(parser.push('data: x\n\n')).toEqual([{ id: '8', event: 'message', data: 'x' }]);
  });

  it('passes over comments and joins lines of data', () => {
    const parser = new EventStreamParser();
    expect(parser.push(': still here\n\n')).toEqual([]);
    expect(parser.push('data: one\r\ndata: two\r\n\r\n')).toEqual([
      { id: undefined, event: 'message', data: 'one\ntwo' },
    ]);
  });
});
