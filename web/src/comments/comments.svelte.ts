/** The comments on one case or alert: the latest ones first read, earlier ones on demand, followed live. */
import { api } from '../api/client';
import { events } from '../api/events.svelte';
import { messageOf } from '../api/problem';
import { Query } from '../api/query';
import type { Comment } from '../api/types';

const COMMENT = '/api/v1/comment/{commentId}';
const STEP = 50;
const PAUSE = 150;

/** One on its way to the server. */
export interface Sending {
  key: number;
  message: string;
  at: number;
}

export class Comments {
  /** In the order they were written. */
  list = $state.raw<readonly Comment[]>([]);
  sending = $state.raw<readonly Sending[]>([]);
  total = $state(0);
  loaded = $state(false);
  problem = $state<string>();

  private wanted = STEP;
  private nextKey = 1;

  /** `reference` is the id of the case or alert; the number of a case does too. */
  constructor(
    private readonly kind: 'Case' | 'Alert',
    private readonly reference: string,
  ) {}

  async load(): Promise<void> {
    try {
      const { rows, total } = await this.all()
        .sort(['createdAt', 'desc'], ['_id', 'desc'])
        .runPage(0, this.wanted);
      this.list = rows.reverse();
      this.total = total;
      this.loaded = true;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  more(): Promise<void> {
    this.wanted += STEP;
    return this.load();
  }

  /** Shows the comment at once; when it is refused it goes again and the reason is thrown. */
  async write(message: string): Promise<void> {
    const sending: Sending = { key: this.nextKey++, message, at: Date.now() };
    this.sending = [...this.sending, sending];
    try {
      await this.send(message);
      await this.load();
    } finally {
      this.sending = this.sending.filter((other) => other !== sending);
    }
  }

  private all(): Query<Comment> {
    return this.kind === 'Case'
      ? Query.get('getCase', this.reference).then('comments')
      : Query.get('getAlert', this.reference).then('comments');
  }

  private async send(message: string): Promise<void> {
    if (this.kind === 'Case') {
      const path = { caseId: this.reference };
      await api.post('/api/v1/case/{caseId}/comment', { path, body: { message } });
    } else {
      const path = { alertId: this.reference };
      await api.post('/api/v1/alert/{alertId}/comment', { path, body: { message } });
    }
  }

  async change(id: string, message: string): Promise<void> {
    await api.patch(COMMENT, { path: { commentId: id }, body: { message } });
    await this.load();
  }

  async remove(id: string): Promise<void> {
    await api.delete(COMMENT, { path: { commentId: id } });
    await this.load();
  }

  /** Follows the live feed; returns how to stop. */
  follow(id: string): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ objectTypes: ['Comment'], rootId: id }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }
}
