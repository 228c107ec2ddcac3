/** The procedures of one case or alert: read whole, since it has few, and followed live. */
import { api } from '../../api/client';
import { events } from '../../api/events.svelte';
import { messageOf } from '../../api/problem';
import { Query } from '../../api/query';
import type { Procedure, ProcedureInput } from '../../api/types';
import { toast } from '../../ui/toasts.svelte';

const MOST = 1_000;
const PAUSE = 150;

/** What a change sends; null clears. */
export type ProcedureChange = Partial<Omit<ProcedureInput, 'tactic' | 'description'>> & {
  tactic?: string | null;
  description?: string | null;
};

/** What procedures hang on. */
export interface Owner {
  kind: 'case' | 'alert';
  _id: string;
}

export class Procedures {
  rows = $state.raw<readonly Procedure[]>([]);
  loaded = $state(false);
  problem = $state<string>();

  constructor(readonly owner: Owner) {}

  async load(): Promise<void> {
    try {
      this.rows = await Query.get(this.owner.kind === 'case' ? 'getCase' : 'getAlert', this.owner._id)
        .then('procedures')
        .sort(['occurDate', 'desc'], ['_id', 'desc'])
        .page(0, MOST)
        .run();
      this.loaded = true;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  async add(input: ProcedureInput): Promise<void> {
    const { kind, _id } = this.owner;
    if (kind === 'case')
      await api.post('/api/v1/case/{caseId}/procedure', { path: { caseId: _id }, body: input });
    else await api.post('/api/v1/alert/{alertId}/procedure', { path: { alertId: _id }, body: input });
    await this.load();
  }

  async change(procedure: Procedure, change: ProcedureChange): Promise<void> {
    // The document cannot say that null clears; the server takes it.
    const body = change as Partial<ProcedureInput>;
    await api.patch('/api/v1/procedure/{procedureId}', { path: { procedureId: procedure._id }, body });
    await this.load();
  }

  /** Takes them away at once; Undo writes them again. */
  async remove(procedures: readonly Procedure[]): Promise<void> {
    const ids = procedures.map(({ _id }) => _id);
    await api.post('/api/v1/procedure/delete/_bulk', { body: { ids } });
    await this.load();
    const said =
      ids.length === 1
        ? `${procedures[0]?.patternId ?? 'TTP'} deleted`
        : `${String(ids.length)} TTPs deleted`;
    toast(said, {
      undo: async () => {
        await this.addAll(procedures.map(inputOf));
        await this.load();
      },
    });
  }

  private async addAll(procedures: ProcedureInput[]): Promise<void> {
    const { kind, _id } = this.owner;
    const body = { procedures };
    if (kind === 'case') await api.post('/api/v1/case/{caseId}/procedures', { path: { caseId: _id }, body });
    else await api.post('/api/v1/alert/{alertId}/procedures', { path: { alertId: _id }, body });
  }

  /** Follows the live feed; returns how to stop. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ objectTypes: ['Procedure'], rootId: this.owner._id }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }
}

/** A procedure as it was written. */
function inputOf({ patternId = '', occurDate, tactic, description }: Procedure): ProcedureInput {
  const input: ProcedureInput = { patternId, occurDate };
  if (tactic !== undefined) input.tactic = tactic;
  if (description !== undefined) input.description = description;
  return input;
}
