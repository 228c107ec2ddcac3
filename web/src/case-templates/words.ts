/** What a case template brings, in words. Pure. */
import type { CaseTemplate } from '../api/types';

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${String(count)} ${count === 1 ? one : many}`];

/** `3 tasks, 2 custom fields, 1 tag`; empty when it brings none of them. */
export function broughtWords({ tasks, customFields, tags }: CaseTemplate): string {
  const fields = new Set(customFields.map(({ name }) => name)).size;
  return [
    ...counted(tasks.length, 'task', 'tasks'),
    ...counted(fields, 'custom field', 'custom fields'),
    ...counted(tags.length, 'tag', 'tags'),
  ].join(', ');
}
