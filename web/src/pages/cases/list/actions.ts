/** What can be done to cases from the list: at once on screen, with a way back, and said in a toast. */
import { people } from '../../../api/people.svelte';
import { session } from '../../../api/session.svelte';
import type { Case } from '../../../api/types';
import type { ListState } from '../../../lists/list.svelte';
import { toast, toastProblem } from '../../../ui/toasts.svelte';
import {
  assignCases,
  changeCases,
  deleteCases,
  effectOf,
  may,
  restoreCases,
  undoOf,
  type CaseChange,
} from '../case-changes';
import { nameOf } from './words';

/** How long a deleted case can be brought back. */
const BIN_DAYS = 30;

export class CaseActions {
  constructor(private readonly list: ListState<Case>) {}

  /** Changes those that may be changed; a refusal is told and nothing has changed. */
  change(cases: readonly Case[], change: CaseChange, said: string): Promise<void> {
    return this.honestly(() => this.apply(cases, change, said));
  }

  /** Adds and removes tags; a refusal is thrown, for the form to show. */
  tag(cases: readonly Case[], change: Pick<CaseChange, 'addTags' | 'removeTags'>): Promise<void> {
    return this.apply(cases, change, 'tagged anew');
  }

  /** Changes fields of one case; a refusal is thrown, for the form to show. */
  edit(item: Case, change: CaseChange): Promise<void> {
    return this.apply([item], change, 'changed');
  }

  flag(cases: readonly Case[], flag: boolean): Promise<void> {
    return this.change(cases, { flag }, flag ? 'flagged' : 'no longer flagged');
  }

  assignToMe(cases: readonly Case[]): Promise<void> {
    return this.assign(cases, session.login, false);
  }

  async assign(cases: readonly Case[], login: string | null, withOpenTasks: boolean): Promise<void> {
    const mine = cases.filter((item) => may(item, 'manageCase/update'));
    const ids = mine.map(({ _id }) => _id);
    let undo = (): Promise<void> => Promise.resolve();
    await this.list.change(mine, effectOf({ assignee: login }), async () => {
      undo = await assignCases(mine, login, withOpenTasks);
    });
    const whom = login === session.login ? 'you' : people.name(login ?? undefined);
    toast(`${nameOf(mine)} ${login === null ? 'given to nobody' : `given to ${whom}`}`, {
      undo: () => undo().then(() => this.list.refresh(ids)),
    });
  }

  /** Back to work; what was written at closing stays. */
  reopen(cases: readonly Case[]): Promise<void> {
    const closed = cases.filter((item) => item.stage === 'Closed' && may(item, 'manageCase/reopen'));
    return this.change(closed, { status: 'InProgress' }, 'reopened');
  }

  /** Into the bin. */
  async remove(cases: readonly Case[]): Promise<void> {
    const mine = cases.filter((item) => may(item, 'manageCase/delete'));
    const { gone, refused } = await deleteCases(mine);
    if (gone.length > 0) {
      const verb = gone.length === 1 ? 'is' : 'are';
      toast(`${nameOf(gone)} ${verb} in the bin for ${String(BIN_DAYS)} days`, {
        undo: () => restoreCases(gone).then(() => this.list.reload()),
      });
      await this.list.reload();
    }
    if (refused !== undefined) throw refused;
  }

  private async apply(cases: readonly Case[], change: CaseChange, said: string): Promise<void> {
    const mine = cases.filter((item) => may(item, 'manageCase/update'));
    const ids = mine.map(({ _id }) => _id);
    const undo = undoOf(mine, change);
    await this.list.change(mine, effectOf(change), () => changeCases(ids, change));
    toast(`${nameOf(mine)} ${said}`, { undo: () => undo().then(() => this.list.refresh(ids)) });
  }

  /** Runs something and tells why it was refused. */
  async honestly(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (thrown) {
      toastProblem(thrown);
    }
  }
}
