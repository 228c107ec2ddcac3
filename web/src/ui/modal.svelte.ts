/**
 * The stack of modal dialogs. All outside the one on top is inert, floating things
 * included, so whatever has to stay usable over it (the toasts) must move into it.
 */
import { untrack } from 'svelte';

class Modals {
  private stack = $state.raw<readonly HTMLDialogElement[]>([]);

  /** The dialog on top, if any is open. */
  get top(): HTMLDialogElement | undefined {
    return this.stack.at(-1);
  }

  /** Shows a dialog over everything; returns how to close it. For an attachment. */
  open(dialog: HTMLDialogElement): () => void {
    dialog.showModal();
    untrack(() => (this.stack = [...this.stack, dialog]));
    return () => {
      untrack(() => (this.stack = this.stack.filter((other) => other !== dialog)));
      dialog.close();
    };
  }
}

export const modals = new Modals();
