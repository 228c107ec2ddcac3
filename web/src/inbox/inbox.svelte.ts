/** The notices of the person in this organisation, in pages from the newest. */
import { api } from '../api/client';
import { messageOf } from '../api/problem';
import type { InboxItem } from '../api/types';
import { toastProblem } from '../ui/toasts.svelte';

const STEP = 30;

export class Inbox {
  items = $state.raw<readonly InboxItem[]>([]);
  total = $state(0);
  unreadCount = $state(0);
  loaded = $state(false);
  problem = $state<string>();
  unreadOnly = $state(false);
  private wanted = STEP;

  async load(): Promise<void> {
    try {
      const page = await api.get('/api/skep/v1/inbox', {
        query: { from: 0, to: this.wanted, ...(this.unreadOnly ? { unread: true } : {}) },
      });
      this.items = page.items;
      this.total = page.total;
      this.unreadCount = page.unreadCount;
      this.loaded = true;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  showUnreadOnly(only: boolean): Promise<void> {
    this.unreadOnly = only;
    this.wanted = STEP;
    return this.load();
  }

  more(): Promise<void> {
    this.wanted += STEP;
    return this.load();
  }

  /** Shown at once; what the server refuses is read again. */
  async mark(item: InboxItem, isRead: boolean): Promise<void> {
    const { readAt, ...unread } = item;
    const marked = isRead ? { ...unread, readAt: readAt ?? Date.now() } : unread;
    this.items = this.items.map((other) => (other.id === item.id ? marked : other));
    await this.send(isRead ? 'read' : 'unread', { ids: [item.id] });
  }

  markAllRead(): Promise<void> {
    return this.send('read', { all: true });
  }

  private async send(as: 'read' | 'unread', body: { ids: string[] } | { all: true }): Promise<void> {
    try {
      await api.post(`/api/skep/v1/inbox/${as}`, { body });
    } catch (thrown) {
      toastProblem(thrown);
    }
    await this.load();
  }
}
