import { describe, expect, it } from 'vitest';
import { defang, isLookalike, seenWords } from './words';

describe('defang', () => {
  it('makes what leads somewhere harmless, and leaves the rest', () => {
    expect(defang('url', 'https://evil.example.org/a.php?b=c.d')).toBe(
      'hxxps://evil[.]example[.]org/a.php?b=c.d',
    );
    expect(defang('domain', 'evil.example')).toBe('evil[.]example');
    expect(defang('ip', '203.0.113.7')).toBe('203[.]0[.]113[.]7');
    expect(defang('mail', 'ana@example.org')).toBe('ana[@]example[.]org');
    expect(defang('filename', 'run.sh')).toBe('run.sh');
  });
});

describe('isLookalike', () => {
  it('knows mixed letters and coded names', () => {
    expect(isLookalike('domain', 'аpple.com')).toBe(true);
    expect(isLookalike('url', 'http://xn--pple-43d.com/')).toBe(true);
    expect(isLookalike('domain', 'apple.com')).toBe(false);
    expect(isLookalike('other', 'аpple')).toBe(false);
  });
});

describe('seenWords', () => {
  it('leaves out what there is none of', () => {
    const seen = { total: 3, cases: 2, alerts: 1, ioc: 0, sighted: 0 };
    expect(seenWords(seen)).toBe('2 cases, 1 alert');
    expect(seenWords({ ...seen, alerts: 0 })).toBe('2 cases');
  });
});
