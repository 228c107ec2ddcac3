/**
 * The one registry of keys and actions. The dispatcher, the help dialog (`?`) and the
 * command palette all read it; an action without keys is for the palette only.
 *
 * Keys: `j`, `?`, `escape`, `mod+k` (Ctrl, or Cmd on a Mac), `shift+enter`, and
 * sequences with a space: `g c`.
 */

/** `anywhere` also works while a dialog is open or a field has the focus; so only for combinations with `mod`. */
export type Scope = 'anywhere' | 'global' | 'list' | 'page' | 'drawer';

export interface Binding {
  scope: Scope;
  /** Alternatives; none for an action that has no key. */
  keys: readonly string[];
  label: string;
  action: () => void;
  /** Not offered while this gives false. */
  when?: () => boolean;
  /** False keeps it out of the palette (moving a cursor makes no sense there). */
  palette?: false;
}

/** How long the second key of a sequence may take. */
const SEQUENCE_WAIT = 1_200;

export class Keys {
  private bindings = new Set<Binding>();
  private pending = '';
  private pendingSince = 0;
  private watchers = new Set<() => void>();

  /** Adds bindings; returns how to take them away. Use as `$effect(() => keys.register(…))`. */
  register(...bindings: Binding[]): () => void {
    for (const binding of bindings) this.bindings.add(binding);
    this.changed();
    return () => {
      for (const binding of bindings) this.bindings.delete(binding);
      this.changed();
    };
  }

  /** What can be done now, newest registration last. */
  available(): Binding[] {
    return [...this.bindings].filter((binding) => binding.when?.() ?? true);
  }

  /** Told on each registration, so that an open help dialog can follow. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /**
   * Finds the binding for a key press and remembers the start of a sequence. The
   * newest binding wins, so that a page may take over a global key.
   */
  resolve(chord: string, scopes: readonly Scope[], now: number): Binding | undefined {
    const candidates = this.available()
      .filter((binding) => scopes.includes(binding.scope))
      .reverse();
    const sequence = now - this.pendingSince < SEQUENCE_WAIT ? this.pending : '';
    this.pending = '';
    const find = (keys: string) => candidates.find((binding) => binding.keys.includes(keys));
    const found = (sequence && find(`${sequence} ${chord}`)) || find(chord);
    if (found) return found;
    if (candidates.some((binding) => binding.keys.some((keys) => keys.startsWith(`${chord} `)))) {
      this.pending = chord;
      this.pendingSince = now;
    }
    return undefined;
  }

  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The name of a key press, as written in bindings. */
export function chordOf(event: KeyPress): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('mod');
  if (event.altKey) parts.push('alt');
  // Shift is part of a printed sign already ("?"), but not of a letter or a named key.
  const isSign = key.length === 1 && key.toUpperCase() === key;
  if (event.shiftKey && !isSign) parts.push('shift');
  return [...parts, key].join('+');
}

/** Keys as shown to a person. */
export function printKeys(keys: string, mac: boolean): string[] {
  const names: Record<string, string> = {
    mod: mac ? '⌘' : 'Ctrl',
    shift: 'Shift',
    alt: mac ? '⌥' : 'Alt',
    enter: 'Enter',
    escape: 'Esc',
    space: 'Space',
    arrowup: '↑',
    arrowdown: '↓',
  };
  const print = (part: string) => names[part] ?? part;
  return keys.split(' ').map((chord) =>
    chord
      .split(/\+(?=.)/)
      .map(print)
      .join(' + '),
  );
}

export const keys = new Keys();

const EDITABLE = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';
const ACTIVATES = 'a[href], button, summary, [role=option], [role=menuitem], [role=tab], input';

/** Installs the one listener that turns key presses into actions. */
export function listen(target: Window): () => void {
  const handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || isModifier(event.key)) return;
    const focus = event.target instanceof Element ? event.target : undefined;
    const chord = chordOf(event);
    // Enter and Space already mean something on a focused control.
    if ((chord === 'enter' || chord === 'space') && focus?.closest(ACTIVATES)) return;
    const binding = keys.resolve(chord, scopesFor(focus, chord), event.timeStamp);
    if (!binding) return;
    event.preventDefault();
    binding.action();
  };
  target.addEventListener('keydown', handle);
  return () => target.removeEventListener('keydown', handle);
}

const isModifier = (key: string): boolean => ['Control', 'Shift', 'Alt', 'Meta'].includes(key);

function scopesFor(focus: Element | undefined, chord: string): readonly Scope[] {
  if (focus?.closest(EDITABLE)) return chord.startsWith('mod+') ? ['anywhere', 'drawer'] : [];
  if (document.querySelector('dialog[open]')) return ['anywhere', 'drawer'];
  return ['anywhere', 'global', 'list', 'page'];
}
