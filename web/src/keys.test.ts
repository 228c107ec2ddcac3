import { describe, expect, it, vi } from 'vitest';
import { chordOf, Keys, printKeys, type Binding } from './keys';

const binding = (keys: string[], more: Partial<Binding> = {}): Binding => ({
  scope: 'global',
  keys,
  label: keys.join(),
  action: vi.fn(),
  ...more,
});

const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) =>
  chordOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });

describe('chordOf', () => {
  it('names keys as bindings do', () => {
    expect(press('j')).toBe('j');
    expect(press(' ')).toBe('space');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('k', { ctrlKey: true })).toBe('mod+k');
    expect(press('k', { metaKey: true })).toBe('mod+k');
    expect(press('Enter', { shiftKey: true })).toBe('shift+enter');
  });

  it('tells a capital letter from its small one', () => {
    expect(press('C', { shiftKey: true })).toBe('shift+c');
    expect(press('c')).toBe('c');
  });
});

describe('Keys', () => {
  it('finds a binding of an active scope only', () => {
    const keys = new Keys();
    const down = binding(['j', 'arrowdown'], { scope: 'list' });
    keys.register(down);
    expect(keys.resolve('arrowdown', ['list'], 0)).toBe(down);
    expect(keys.resolve('j', ['global'], 0)).toBeUndefined();
  });

  it('lets the newest binding win and gives the key back afterwards', () => {
    const keys = new Keys();
    const old = binding(['e']);
    const recent = binding(['e'], { scope: 'page' });
    keys.register(old);
    const remove = keys.register(recent);
    expect(keys.resolve('e', ['global', 'page'], 0)).toBe(recent);
    remove();
    expect(keys.resolve('e', ['global', 'page'], 0)).toBe(old);
  });

  it('follows sequences, within their time', () => {
    const keys = new Keys();
    const go = binding(['g c']);
    const comment = binding(['c']);
    keys.register(go, comment);
    expect(keys.resolve('g', ['global'], 5_000)).toBeUndefined();
    expect(keys.resolve('c', ['global'], 5_300)).toBe(go);
    expect(keys.resolve('c', ['global'], 5_400)).toBe(comment);
    keys.resolve('g', ['global'], 9_000);
    expect(keys.resolve('c', ['global'], 12_000)).toBe(comment);
  });

  it('leaves out what is not possible now', () => {
    const keys = new Keys();
    let possible = false;
    keys.register(binding(['a'], { when: () => possible }));
    expect(keys.available()).toHaveLength(0);
    possible = true;
    expect(keys.available()).toHaveLength(1);
  });
});

describe('printKeys', () => {
  it('shows keys as they are printed on the keyboard', () => {
    expect(printKeys('mod+k', false)).toEqual(['Ctrl + k']);
    expect(printKeys('mod+k', true)).toEqual(['⌘ + k']);
    expect(printKeys('g c', false)).toEqual(['g', 'c']);
    expect(printKeys('/', false)).toEqual(['/']);
  });
});
