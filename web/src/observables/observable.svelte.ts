/** One observable on screen: read, and followed live. */
import { events } from '../api/events.svelte';
import { messageOf } from '../api/problem';
import { Query } from '../api/query';
import type { Observable } from '../api/types';

const PAUSE = 150;

export class ObservableState {
  value = $state.raw<Observable>();
  missing = $state(false);
  problem = $state<string>();

  constructor(readonly id: string) {}

  async load(): Promise<void> {
    try {
      const [found] = await Query.get('getObservable', this.id)
        .page(0, 1, ['seenSummary', 'permissions'])
        .run();
      this.value = found;
      this.missing = found === undefined;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** Whether this person may change it. */
  get mayChange(): boolean {
    const permissions = this.value?.extraData['permissions'] as string[] | undefined;
    return permissions?.includes('manageObservable') ?? false;
  }

  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ objectTypes: ['Observable'] }, ({ objectId }) => {
      if (objectId !== this.id) return;
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }
}
