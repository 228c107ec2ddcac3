/** What is done with a case as a whole: reopen, into the bin, out of it again. */
import { api } from '../../../api/client';
import type { Case } from '../../../api/types';
import { place } from '../../../location.svelte';
import { toast } from '../../../ui/toasts.svelte';
import type { CaseState } from './case.svelte';

const CASE = '/api/v1/case/{idOrName}';

/** The status of a case that somebody works on. */
const IN_PROGRESS = 'InProgress';

/** Back to work. What was written at closing stays; Undo closes it again as it was. */
export async function reopenCase(shown: CaseState): Promise<void> {
  const { case: before } = shown;
  if (!before) return;
  const path = { idOrName: before._id };
  await api.patch(CASE, { path, body: { status: IN_PROGRESS } });
  await shown.load();
  toast(`Case #${String(before.number)} reopened`, {
    undo: async () => {
      const { status, endDate } = before;
      await api.patch(CASE, { path, body: { status, ...(endDate === undefined ? {} : { endDate }) } });
      await shown.load();
    },
  });
}

/** On to the case that this one was merged into, if it was. */
export async function followMerged(reference: string): Promise<void> {
  try {
    const { number, mergedNumber } = await api.get('/api/skep/v1/case/{caseId}/merged-into', {
      path: { caseId: reference },
    });
    place.go(`/cases/${String(number)}`, { replace: true });
    toast(`Case #${String(mergedNumber)} was merged into #${String(number)}`);
  } catch {
    // It was not merged: the page says that there is no such case.
  }
}

/** Into the bin and on to the list. */
export async function deleteCase(item: Case): Promise<void> {
  await api.delete(CASE, { path: { idOrName: item._id } });
  place.go('/cases', { replace: true });
  toast(`Case #${String(item.number)} is in the bin for 30 days`, {
    undo: async () => {
      await restoreCase(item._id);
      place.go(`/cases/${String(item.number)}`);
    },
  });
}

export const restoreCase = (id: string): Promise<undefined> =>
  api.post('/api/skep/v1/bin/case/{id}/restore', { path: { id } });
