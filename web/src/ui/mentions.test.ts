import { describe, expect, it } from 'vitest';
import { mentionAt } from './mentions';

const at = (text: string) => mentionAt(text, text.length);

describe('mentionAt', () => {
  it('begins with an @ of its own', () => {
    expect(at('@')).toEqual({ from: 0, typed: '' });
    expect(at('Ask @ana')).toEqual({ from: 4, typed: 'ana' });
    expect(at('(@ana')).toEqual({ from: 1, typed: 'ana' });
    expect(at('one\n@Łuk')).toEqual({ from: 4, typed: 'Łuk' });
  });

  it('goes on through a whole login', () => {
    expect(at('Ask @ana@x.org')).toEqual({ from: 4, typed: 'ana@x.org' });
  });

  it('is not an address, and ends with a space', () => {
    expect(at('mail@x')).toBeUndefined();
    expect(at('@ana ')).toBeUndefined();
    expect(at('nothing here')).toBeUndefined();
  });

  it('looks only before the caret', () => {
    expect(mentionAt('@ana and more', 4)).toEqual({ from: 0, typed: 'ana' });
    expect(mentionAt('@ana and more', 9)).toBeUndefined();
  });
});
