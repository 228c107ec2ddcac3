/** The files of something, read whole and followed live. */
import { events } from '../api/events.svelte';
import { messageOf } from '../api/problem';
import type { Query } from '../api/query';
import type { Attachment } from '../api/types';

const PAUSE = 150;

export class FileSet {
  files = $state.raw<readonly Attachment[]>([]);
  loaded = $state(false);
  problem = $state<string>();

  constructor(private readonly query: () => Query<Attachment>) {}

  async load(): Promise<void> {
    try {
      this.files = await this.query().sort(['_createdAt', 'desc']).page(0, 1_000, ['task']).run();
      this.loaded = true;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** Follows what happens to files below this case or organisation; returns how to stop. */
  follow(rootId: string): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ objectTypes: ['Attachment'], rootId }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }
}
