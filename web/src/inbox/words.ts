/** A notice in words, and where it leads. Pure. */
import type { InboxItem } from '../api/types';
import { taskPath } from '../tasks/links';

/** What happened, after the name of whoever did it: "assigned you a case". */
export function happening({ kind, taskId, alertId }: InboxItem): string {
  switch (kind) {
    case 'assigned':
      return alertId === undefined ? 'gave you a case' : 'gave you an alert';
    case 'taskAssigned':
      return 'gave you a task';
    case 'commented':
      return alertId === undefined ? 'commented on your case' : 'commented on your alert';
    case 'mentioned':
      return 'mentioned you';
    case 'dueSoon':
      return taskId === undefined ? 'A case of yours is due soon' : 'A task of yours is due soon';
  }
}

/** The page that shows what the notice is about. */
export function hrefOf({ caseNumber, taskId, alertId }: InboxItem): string {
  if (alertId !== undefined) return `/alerts/${alertId}`;
  const number = caseNumber ?? 0;
  return taskId === undefined ? `/cases/${String(number)}` : taskPath(number, taskId);
}
