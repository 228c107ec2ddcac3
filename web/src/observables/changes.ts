/** What the UI asks the server to do with observables. */
import { api, send } from '../api/client';
import type {
  Indicator,
  Observable,
  ObservableFailure,
  ObservableInput,
  ObservableUpdate,
} from '../api/types';

/** What came of adding several. */
export interface Added {
  added: Observable[];
  refused: ObservableFailure[];
}

type Answer = Observable[] | { success: Observable[]; failure: ObservableFailure[] };

const outcome = (answer: Answer): Added =>
  Array.isArray(answer) ? { added: answer, refused: [] } : { added: answer.success, refused: answer.failure };

/** What observables hang on. */
export interface Owner {
  kind: 'case' | 'alert';
  _id: string;
}

const addressOfNew = ({ kind, _id }: Owner): string =>
  `/api/v1/${kind}/${encodeURIComponent(_id)}/observable`;

/** Adds one for each value. */
export async function addValues(owner: Owner, input: ObservableInput): Promise<Added> {
  return outcome((await send<Answer>(addressOfNew(owner), { method: 'POST', body: input })).body);
}

/** Adds one for each file, or for each file in these archives. */
export async function addFiles(owner: Owner, files: readonly File[], input: ObservableInput): Promise<Added> {
  const form = new FormData();
  form.append('_json', JSON.stringify(input));
  for (const file of files) form.append('attachment', file, file.name);
  return outcome((await send<Answer>(addressOfNew(owner), { method: 'POST', body: form })).body);
}

/** Finds what may be an observable in free text. */
export async function findIndicators(text: string): Promise<Indicator[]> {
  return (await api.post('/api/skep/v1/indicators', { body: { text } })).indicators;
}

/** Changes one observable or, all of them or none, several. */
export async function changeObservables(ids: readonly string[], change: ObservableUpdate): Promise<void> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) {
    await api.patch('/api/v1/observable/{observableId}', { path: { observableId: only }, body: change });
  } else if (ids.length > 1) {
    await api.patch('/api/v1/observable/_bulk', { body: { ids: [...ids], ...change } });
  }
}

/** Deletes observables, one after the other; there is no way back. */
export async function deleteObservables(ids: readonly string[]): Promise<void> {
  for (const observableId of ids) {
    await api.delete('/api/v1/observable/{observableId}', { path: { observableId } });
  }
}

/** What undoes a change of flags. */
export const undoOf = (rows: readonly Observable[], change: ObservableUpdate) => async (): Promise<void> => {
  for (const row of rows) {
    const before = Object.fromEntries(
      Object.keys(change).map((name) => [name, row[name as keyof Observable]]),
    ) as ObservableUpdate;
    await changeObservables([row._id], before);
  }
};
