import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

/** The custom properties of the blocks whose selector contains the text. */
function tokens(...selectors: string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, selector = '', body = ''] of css.matchAll(/(:root[^{]*)\{([^}]*)\}/g)) {
    if (!selectors.some((wanted) => selector.includes(wanted))) continue;
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g))
      found.set(name, value);
  }
  return found;
}

const light = tokens("'light'");
const dark = new Map([...light, ...tokens("'dark'")]);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(theme: Map<string, string>, ink: string, ground: string): number {
  const [lighter = 0, darker = 0] = [ink, ground]
    .map((name) => luminance(theme.get(name) ?? expect.fail(`no token ${name}`)))
    .sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

const GROUNDS = ['--paper', '--surface', '--surface-sunken', '--surface-hover', '--surface-selected'];
const TEXT: [string, string][] = [
  ...['--ink', '--ink-soft', '--ink-faint'].flatMap((ink) =>
    GROUNDS.map((ground): [string, string] => [ink, ground]),
  ),
  ...['--accent', '--danger', '--good'].map((ink): [string, string] => [ink, '--surface']),
  ['--accent', '--accent-soft'],
  ['--accent-ink', '--accent'],
  ['--accent-ink', '--accent-hover'],
  ['--danger-ink', '--danger'],
  ['--danger', '--danger-soft'],
  ['--warning-ink', '--warning-soft'],
  ['--header-ink', '--header'],
  ['--header-soft', '--header'],
  ...['low', 'medium', 'high', 'critical'].map((name): [string, string] => [
    `--severity-${name}-ink`,
    `--severity-${name}`,
  ]),
  ...['1', '2', '3', '4'].map((step): [string, string] => [`--heat-${step}-ink`, `--heat-${step}`]),
  ...['new', 'progress', 'closed', 'other'].map((name): [string, string] => [
    `--stage-${name}`,
    `--stage-${name}-soft`,
  ]),
];

describe.each([
  ['light', light],
  ['dark', dark],
])('%s theme', (_name, theme) => {
  it.each(TEXT)('%s reads well on %s', (ink, ground) => {
    expect(contrast(theme, ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['--focus', '--field-line'])('%s is seen on the surface', (line) => {
    expect(contrast(theme, line, '--surface')).toBeGreaterThanOrEqual(3);
  });
});
