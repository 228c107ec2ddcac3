/**
 * The values of a form, kept as a draft while they are typed: close the drawer, lose
 * the session or the tab, and they are there again. Make it while a component starts:
 * `const form = new DraftForm('organisation:new', { name: '' })`, bind to
 * `form.values.name`, call `form.discard()` once saved or cancelled.
 */
import { drafts } from '../api/drafts';

const FIELD = 'form';

export class DraftForm<T extends object> {
  values: T;
  /** True when the form opened with a draft from before. */
  restored = $state(false);

  private discarded = false;

  constructor(
    private readonly object: string,
    private readonly initial: T,
  ) {
    const kept = drafts.read<Partial<T>>(object, FIELD);
    const values = $state<T>({ ...structuredClone(initial), ...kept });
    this.values = values;
    this.restored = kept !== undefined;
    $effect(() => {
      const text = JSON.stringify(this.values);
      if (this.discarded) return;
      if (text === JSON.stringify(this.initial)) drafts.clear(object, FIELD);
      else drafts.write(object, FIELD, JSON.parse(text));
    });
  }

  /** Saved or given up: nothing is kept any more. */
  discard(): void {
    this.discarded = true;
    drafts.clear(this.object, FIELD);
  }

  /** Starts over with the values the form began with. */
  reset(): void {
    for (const field of Object.keys(this.values)) {
      if (!(field in this.initial)) Reflect.deleteProperty(this.values, field);
    }
    Object.assign(this.values, structuredClone(this.initial));
    this.restored = false;
  }
}
