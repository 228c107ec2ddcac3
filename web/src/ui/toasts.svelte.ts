/** Short news at the bottom left: `toast('Case closed', { undo })`, `toastProblem(thrown)`. */
import { messageOf } from '../api/problem';

export interface Toast {
  id: number;
  text: string;
  kind: 'done' | 'problem';
  undo?: () => void | Promise<void>;
}

const SHOWN_FOR = 6_000;
const PROBLEM_SHOWN_FOR = 12_000;
const MOST = 3;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  private next = 1;
  private timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, options: { kind?: Toast['kind']; undo?: Toast['undo'] } = {}): void {
    const toast: Toast = { id: this.next++, text, kind: options.kind ?? 'done' };
    if (options.undo) toast.undo = options.undo;
    this.list = [...this.list, toast].slice(-MOST);
    this.resume(toast);
  }

  dismiss(id: number): void {
    this.pause(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** While the pointer or the focus is on it, a toast stays. */
  pause(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  resume(toast: Toast): void {
    this.pause(toast.id);
    const time = toast.kind === 'problem' ? PROBLEM_SHOWN_FOR : SHOWN_FOR;
    this.timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), time),
    );
  }
}

export const toasts = new Toasts();

export function toast(text: string, options: { undo?: () => void | Promise<void> } = {}): void {
  toasts.show(text, options);
}

export function toastProblem(thrown: unknown): void {
  toasts.show(messageOf(thrown), { kind: 'problem' });
}
