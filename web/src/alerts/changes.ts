/** What the UI asks the server to do with alerts. Not here: what is on screen meanwhile. */
import { api } from '../api/client';
import { opposite } from '../api/optimistic.svelte';
import { Query } from '../api/query';
import { session } from '../api/session.svelte';
import type { Alert, AlertUpdate, Case } from '../api/types';

/** Only what is given changes; null clears. */
export type AlertChange = Omit<AlertUpdate, 'customFields'>;

/** As many as the server changes in one call. */
export const MOST_AT_ONCE = 500;

const idsOf = (alerts: readonly Alert[]): string[] => alerts.map(({ _id }) => _id);

/** "the alert 'Beacon'", "3 alerts". */
export function nameOf(alerts: readonly Pick<Alert, 'title'>[]): string {
  const [only] = alerts;
  return only && alerts.length === 1 ? `“${short(only.title)}”` : `${String(alerts.length)} alerts`;
}

const short = (title: string): string => (title.length > 60 ? `${title.slice(0, 59)}…` : title);

/** Changes alerts: all of them or none. */
export async function changeAlerts(ids: readonly string[], change: AlertChange): Promise<void> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1)
    await api.patch('/api/v1/alert/{alertId}', { path: { alertId: only }, body: change });
  else if (ids.length > 1) await api.patch('/api/v1/alert/_bulk', { body: { ids: [...ids], ...change } });
}

/** What a change leaves of each field, for showing it at once. */
export function effectOf(change: AlertChange): Partial<Alert> {
  // What tags and stage become differs by alert; the answer of the server brings them.
  const differing = ['addTags', 'removeTags', 'status'];
  const entries = Object.entries(change).filter(([field]) => !differing.includes(field));
  return Object.fromEntries(entries.map(([field, value]) => [field, value ?? undefined])) as Partial<Alert>;
}

/** Gives each alert the values it had, the assignee too, whom a verdict may have set; equal ones go together. */
export function undoOf(alerts: readonly Alert[], change: AlertChange): () => Promise<void> {
  const { addTags, removeTags, ...fields } = change;
  const touched: AlertChange = {
    ...fields,
    ...(addTags || removeTags ? { tags: [] } : {}),
    ...(change.status !== undefined ? { assignee: null } : {}),
  };
  const groups = Map.groupBy(alerts, (item) => JSON.stringify(opposite(touched, item)));
  return async () => {
    for (const [before, group] of groups) {
      await changeAlerts(idsOf(group), JSON.parse(before) as AlertChange);
    }
  };
}

/** Puts alerts into the bin; the answer brings them back. */
export async function deleteAlerts(alerts: readonly Alert[]): Promise<() => Promise<void>> {
  const ids = idsOf(alerts);
  await api.post('/api/v1/alert/delete/_bulk', { body: { ids } });
  return () => restoreAlerts(ids);
}

export async function restoreAlerts(ids: readonly string[]): Promise<void> {
  await api.post('/api/skep/v1/bin/alert/restore', { body: { ids: [...ids] } });
}

/** Makes one case of alerts, by a template if one is named. */
export function promoteAlerts(alerts: readonly Alert[], caseTemplate?: string): Promise<Case> {
  const wanted = caseTemplate === undefined ? {} : { caseTemplate };
  return api.post('/api/skep/v1/alert/case', { body: { alertIds: idsOf(alerts), case: wanted } });
}

/** Gives the alerts that went into a case the status and assignee back that they had. */
async function takeOut(alerts: readonly Alert[], caseId: string): Promise<void> {
  await unlinkAlerts(idsOf(alerts), caseId);
  await undoOf(alerts, { status: '' })();
}

/** Whether this person may take a promotion back: the case has to go. */
export const mayUndoPromotion = (): boolean =>
  session.can('manageCase/update') && session.can('manageCase/delete');

/** Takes a promotion back: the alerts are what they were, the case is in the bin. */
export async function undoPromotion(alerts: readonly Alert[], made: Case): Promise<void> {
  await takeOut(alerts, made._id);
  await api.delete('/api/v1/case/{idOrName}', { path: { idOrName: made._id } });
}

/** Takes a merge back: the alerts are what they were, and so is the case, but for what somebody changed in it since. */
export async function undoMerge(alerts: readonly Alert[]): Promise<void> {
  for (const alert of alerts.slice(0, 1)) {
    // What went in together comes out together.
    await api.post('/api/skep/v1/alert/{alertId}/unmerge', { path: { alertId: alert._id } });
  }
  await undoOf(alerts, { status: '' })();
}

export function mergeAlerts(alerts: readonly Alert[], caseId: string): Promise<Case> {
  return api.post('/api/v1/alert/merge/_bulk', { body: { alertIds: idsOf(alerts), caseId } });
}

/** Takes alerts out of the case again: what they told it stays there. */
export async function unlinkAlerts(ids: readonly string[], caseId: string): Promise<void> {
  for (const alertId of ids) {
    await api.delete('/api/v1/case/{caseId}/alert/{alertId}', { path: { caseId, alertId } });
  }
}

/** The new alerts that say the same as this one: same type, source and title. */
export const likeThis = (alert: Alert): Query<Alert, 'Alert'> =>
  Query.list('listAlert').filter({
    _and: [
      { _eq: { _field: 'stage', _value: 'New' } },
      { _eq: { _field: 'type', _value: alert.type } },
      { _eq: { _field: 'source', _value: alert.source } },
      { _eq: { _field: 'title', _value: alert.title } },
    ],
  });
