/** What closing does to tasks, and what it is called. Pure; the server decides. */
import type { Task } from '../../api/types';
import { isOpen } from '../../tasks/words';

export interface Closing {
  /** Mandatory and not completed: the case cannot be closed before. */
  blocking: readonly Task[];
  /** Begun: closing completes them. */
  completed: readonly Task[];
  /** Not begun: closing cancels them. */
  cancelled: readonly Task[];
}

/** Sorts the tasks of the cases to be closed. */
export function closingOf(tasks: readonly Task[]): Closing {
  return {
    blocking: tasks.filter(({ mandatory, status }) => mandatory && status !== 'Completed'),
    completed: tasks.filter(({ status }) => status === 'InProgress'),
    cancelled: tasks.filter(({ status }) => status === 'Waiting'),
  };
}

/** "Confirm" where no task is open; else the button says that tasks go along. */
export function confirmLabel(tasks: readonly Task[], cases: number): string {
  if (!tasks.some(isOpen)) return 'Confirm';
  return cases === 1 ? 'Close tasks and case' : 'Close tasks and cases';
}

/** The server's sentence, said before it has to. */
export function refusal(blocking: readonly Task[]): string | undefined {
  if (blocking.length === 0) return undefined;
  const titles = blocking.map(({ title }) => title).join(', ');
  return `The case cannot be closed while a mandatory task is not completed: ${titles}`;
}
