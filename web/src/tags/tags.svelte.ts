/** The tags in use and those of active taxonomies, as suggestions: the frequent ones first. Read once in a while, on demand. */
import { Query } from '../api/query';
import { session } from '../api/session.svelte';
import type { Option } from '../ui/options';
import { tagText } from './text';

const MOST = 100;
const MOST_OF_TAXONOMIES = 500;
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
    const used = Object.entries(buckets)
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([tag]) => ({ value: tag, label: tag }));
    const known = await Query.list('tagAutoComplete', { limit: MOST_OF_TAXONOMIES }).run();
    const agreed = known
      .map((tag) => ({
        value: tagText(tag),
        label: tagText(tag),
        ...(tag.description === undefined ? {} : { detail: tag.description }),
      }))
      .filter(({ value }) => !used.some((option) => option.value === value));
    this.options = [...used, ...agreed];
  }
}

export const tags = new Tags();
