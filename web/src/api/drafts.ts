/**
 * What was typed but not yet saved, kept in the browser's storage per user, object
 * and field. A draft outlives a reload, a closed drawer and an ended session; it
 * goes when it is saved, discarded, or a month old. Never give it a secret.
 */

const PREFIX = 'skep.draft.';
const MONTH = 30 * 24 * 3600 * 1000;

interface Stored<T> {
  at: number;
  value: T;
}

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export class Drafts {
  private owner = '';

  constructor(
    private readonly storage: () => DraftStorage,
    private readonly now: () => number = Date.now,
  ) {}

  /** Drafts belong to a user: a colleague on the same browser must not find them. */
  forUser(login: string): void {
    this.owner = login;
    this.dropOld();
  }

  read<T>(object: string, field: string): T | undefined {
    const text = this.quietly((storage) => storage.getItem(this.key(object, field)));
    if (!text) return undefined;
    try {
      return (JSON.parse(text) as Stored<T>).value;
    } catch {
      return undefined;
    }
  }

  write(object: string, field: string, value: unknown): void {
    const stored: Stored<unknown> = { at: this.now(), value };
    this.quietly((storage) => {
      storage.setItem(this.key(object, field), JSON.stringify(stored));
    });
  }

  clear(object: string, field: string): void {
    this.quietly((storage) => {
      storage.removeItem(this.key(object, field));
    });
  }

  private key(object: string, field: string): string {
    return `${PREFIX}${this.owner}/${object}/${field}`;
  }

  private dropOld(): void {
    this.quietly((storage) => {
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
      for (const key of keys) {
        if (!key?.startsWith(PREFIX)) continue;
        if (this.isOld(storage.getItem(key))) storage.removeItem(key);
      }
    });
  }

  private isOld(text: string | null): boolean {
    try {
      return (JSON.parse(text ?? '') as Stored<unknown>).at < this.now() - MONTH;
    } catch {
      return true;
    }
  }

  /** Storage can be full or forbidden; a lost draft must not break the page. */
  private quietly<T>(action: (storage: DraftStorage) => T): T | undefined {
    try {
      return action(this.storage());
    } catch {
      return undefined;
    }
  }
}

export const drafts = new Drafts(() => localStorage);
