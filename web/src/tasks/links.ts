/** Addresses of tasks. A task lives in its case. */

export const taskPath = (caseNumber: number, taskId: string): string =>
  `/cases/${String(caseNumber)}/tasks/${encodeURIComponent(taskId)}`;
