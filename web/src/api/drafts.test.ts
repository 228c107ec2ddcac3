import { describe, expect, it } from 'vitest';
import { Drafts, type DraftStorage } from './drafts';

class MemoryStorage implements DraftStorage {
  private entries = new Map<string, string>();
  get length() {
    return this.entries.size;
  }
  key = (index: number) => [...this.entries.keys()][index] ?? null;
  getItem = (key: string) => this.entries.get(key) ?? null;
  setItem = (key: string, value: string) => void this.entries.set(key, value);
  removeItem = (key: string) => void this.entries.delete(key);
}

const DAY = 24 * 3600 * 1000;

describe('Drafts', () => {
  it('keeps a value per object and field until it is cleared', () => {
    const drafts = new Drafts(() => new MemoryStorage());
    const storage = new MemoryStorage();
    const kept = new Drafts(() => storage);
    kept.write('case:~1', 'title', { text: 'Phishing' });
    expect(kept.read('case:~1', 'title')).toEqual({ text: 'Phishing' });
    expect(kept.read('case:~1', 'summary')).toBeUndefined();
    expect(drafts.read('case:~1', 'title')).toBeUndefined();
    kept.clear('case:~1', 'title');
    expect(kept.read('case:~1', 'title')).toBeUndefined();
  });

  it('does not show one user the drafts of another', () => {
    const drafts = new Drafts(() => storage);
    const storage = new MemoryStorage();
    drafts.forUser('a@x.y');
    drafts.write('case:new', 'form', 'secret plan');
    drafts.forUser('b@x.y');
    expect(drafts.read('case:new', 'form')).toBeUndefined();
    drafts.forUser('a@x.y');
    expect(drafts.read('case:new', 'form')).toBe('secret plan');
  });

  it('forgets drafts of more than a month and what is not readable', () => {
    const storage = new MemoryStorage();
    let now = 0;
    const drafts = new Drafts(
      () => storage,
      () => now,
    );
    drafts.write('case:~1', 'title', 'old');
    now = 20 * DAY;
    drafts.write('case:~2', 'title', 'younger');
    storage.setItem('skep.draft./broken', '{');
    storage.setItem('other', 'untouched');
    now = 31 * DAY;
    drafts.forUser('');
    expect(drafts.read('case:~1', 'title')).toBeUndefined();
    expect(drafts.read('case:~2', 'title')).toBe('younger');
    expect(storage.getItem('skep.draft./broken')).toBeNull();
    expect(storage.getItem('other')).toBe('untouched');
  });

  it('survives a browser that forbids storage', () => {
    const drafts = new Drafts(() => {
      throw new Error('denied');
    });
    expect(() => drafts.write('case:~1', 'title', 'x')).not.toThrow();
    expect(drafts.read('case:~1', 'title')).toBeUndefined();
  });
});
