import type { Case, Task } from '../../api/types';

/** The case of a task, where the query asked for it. */
export const caseOf = (task: Task): Case | undefined => task.extraData['case'] as Case | undefined;

export const mayChange = (task: Task): boolean =>
  caseOf(task)?.userPermissions.includes('manageTask') ?? false;
