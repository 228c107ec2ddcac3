/**
 * An entity as the server has it, with the changes on top that are under way. A
 * change shows at once; a refusal takes it away again, and the old value is back.
 */
export class Optimistic<T extends object> {
  server = $state.raw<T>();
  private pending = $state.raw<readonly Partial<T>[]>([]);

  readonly shown: T | undefined = $derived.by(
    () => this.server && (Object.assign({}, this.server, ...this.pending) as T),
  );

  /** Shows `change` while `send` is under way. What `send` throws goes to the caller. */
  async change(change: Partial<T>, send: () => Promise<void>): Promise<void> {
    this.pending = [...this.pending, change];
    try {
      await send();
    } finally {
      this.pending = this.pending.filter((other) => other !== change);
    }
  }
}

/** The change as it shows: what `null` clears is then absent. */
export function cleared<T extends object>(change: object): Partial<T> {
  return Object.fromEntries(
    Object.entries(change).map(([field, value]) => [field, value === null ? undefined : value]),
  ) as Partial<T>;
}

/** The change that undoes `change`: the values that `entity` has for its fields. */
export function opposite<C extends object>(change: C, entity: object): C {
  const values = entity as Record<string, unknown>;
  return Object.fromEntries(Object.keys(change).map((field) => [field, values[field] ?? null])) as C;
}
