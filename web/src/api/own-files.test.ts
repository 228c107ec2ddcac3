import { describe, expect, it } from 'vitest';
import { ownFile } from './own-files';

describe('a link in a text', () => {
  it.each([
    ['/api/v1/attachment/~12', '~12'],
    ['/api/attachment/~12', '~12'],
    ['/api/v1/attachment/abc/download', 'abc'],
    ['https://evil.example/api/v1/attachment/~12', undefined],
    ['//evil.example/api/v1/attachment/~12', undefined],
    ['/api/v1/attachment/~12/../../user/current', undefined],
    ['/api/v1/case/1', undefined],
    [null, undefined],
  ])('%s', (href, reference) => {
    expect(ownFile(href)).toBe(reference);
  });
});
