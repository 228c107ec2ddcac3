/** A notice in words, and where it leads. Pure. */
import type { InboxItem } from '../api/types';
import { taskPath } from '../tasks/links';

/** What happened, after the name of whoever did it: "assigned you a case". */
export function happening({ kind, taskId }: InboxItem): string {
  switch (kind) {
    case 'assigned':
      return 'gave you a case';
    case 'taskAssigned':
      return 'gave you a task';
    case 'commented':
      return 'commented on your case';
    case 'mentioned':
      return 'mentioned you';
    case 'dueSoon':
      return taskId === undefined ? 'A case of yours is due soon' : 'A task of yours is due soon';
  }
}

/** The page that shows what the notice is about. */
export function hrefOf({ caseNumber, taskId }: InboxItem): string {
  return taskId === undefined ? `/cases/${String(caseNumber)}` : taskPath(caseNumber, taskId);
}
