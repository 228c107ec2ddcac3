/** The tags in use, as suggestions: the frequent ones first. Read once in a while, on demand. */
import { Query } from '../../api/query';
import { session } from '../../api/session.svelte';
import type { Option } from '../../ui/options';

const MOST = 100;
const FRESH = 60_000;

class Tags {
  options = $state.raw<readonly Option[]>([]);
  private readAt = 0;
  private readIn: string | undefined;

  load(): void {
    const organisation = session.current?.organisation._id;
    if (organisation === this.readIn && Date.now() - this.readAt < FRESH) return;
    this.readAt = Date.now();
    this.readIn = organisation;
    this.read().catch(() => {
      // Without suggestions any tag can still be typed; the next form asks again.
      this.readAt = 0;
    });
  }

  private async read(): Promise<void> {
    const buckets = await Query.list('listCase').aggregate<Record<string, { count: number }>>({
      _agg: 'field',
      _field: 'tags',
      _size: MOST,
      _order: '-count',
      _select: [{ _agg: 'count' }],
    });
    this.options = Object.entries(buckets)
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([tag]) => ({ value: tag, label: tag }));
  }
}

export const tags = new Tags();
