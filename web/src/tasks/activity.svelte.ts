/** The notes of one task, read in pages from the newest, and followed live. */
import { events } from '../api/events.svelte';
import { messageOf } from '../api/problem';
import { Query } from '../api/query';
import type { Log, Task } from '../api/types';

const STEP = 20;
const PAUSE = 150;

export class Activity {
  logs = $state.raw<readonly Log[]>([]);
  total = $state(0);
  loaded = $state(false);
  problem = $state<string>();

  private shown = STEP;

  constructor(private readonly taskId: string) {}

  async load(): Promise<void> {
    try {
      const { rows, total } = await Query.get('getTask', this.taskId)
        .then('logs')
        .sort(['date', 'desc'], ['_createdAt', 'desc'])
        .runPage(0, this.shown);
      this.logs = rows;
      this.total = total;
      this.loaded = true;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  more(): Promise<void> {
    this.shown += STEP;
    return this.load();
  }

  /** Follows notes of the whole case: the feed does not tell their task. Returns how to stop. */
  follow(task: Task): () => void {
    const rootId = (task.extraData['case'] as { _id: string } | undefined)?._id;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ objectTypes: ['Log'], ...(rootId ? { rootId } : {}) }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }
}
