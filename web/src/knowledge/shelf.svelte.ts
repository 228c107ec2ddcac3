/** A shelf of pages: those of a case, the knowledge base, or the templates of the organisation. */
import { events } from '../api/events.svelte';
import { messageOf } from '../api/problem';
import type { Page, PageInput } from '../api/types';
import { toast } from '../ui/toasts.svelte';
import { moves, type Header } from './tree';

const MOST = 2_000;
const PAUSE = 200;

/** What a kind of shelf does by its own endpoints. */
export interface Source {
  /** Names it in drafts: `case:12:pages`. */
  key: string;
  objectType: 'Page' | 'PageTemplate';
  /** The case, where the pages are of one. */
  rootId?: string;
  headers: (from: number, to: number) => Promise<Header[]>;
  read: (id: string) => Promise<Page | undefined>;
  create: (input: PageInput) => Promise<{ _id: string }>;
  change: (id: string, change: Partial<PageInput>) => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
}

export class Shelf {
  headers = $state.raw<readonly Header[]>([]);
  loaded = $state(false);
  problem = $state<string>();
  /** The one that is read; undefined while it is fetched and when it is gone. */
  page = $state.raw<Page>();
  gone = $state(false);

  private wanted: string | undefined;

  constructor(readonly source: Source) {}

  async load(): Promise<void> {
    try {
      this.headers = await this.source.headers(0, MOST);
      this.loaded = true;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** Fetches the text of a page. */
  async open(id: string | undefined): Promise<void> {
    this.wanted = id;
    if (this.page?._id !== id) this.page = undefined;
    this.gone = false;
    if (id === undefined) return;
    try {
      const found = await this.source.read(id);
      if (this.wanted !== id) return;
      this.page = found;
      this.gone = found === undefined;
    } catch (thrown) {
      if (this.wanted === id) this.problem = messageOf(thrown);
    }
  }

  async create(input: PageInput): Promise<string> {
    const { _id } = await this.source.create(input);
    await this.load();
    return _id;
  }

  async change(id: string, change: Partial<PageInput>): Promise<void> {
    await this.source.change(id, change);
    await Promise.all([this.load(), this.open(id)]);
  }

  /** Up or down among the pages of its category. */
  async move(id: string, by: -1 | 1): Promise<void> {
    for (const { id: other, order } of moves(this.headers, id, by)) {
      await this.source.change(other, { order });
    }
    await this.load();
  }

  /** Takes it away; Undo writes it again. */
  async remove(page: Page): Promise<void> {
    await this.source.remove(page._id);
    await this.load();
    const { title, content, category, order } = page;
    toast(`${title} deleted`, {
      undo: async () => {
        await this.create({ title, content, category, order });
      },
    });
  }

  /** Follows the live feed; returns how to stop. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { objectType, rootId } = this.source;
    const wanted =
      rootId === undefined ? { objectTypes: [objectType] } : { objectTypes: [objectType], rootId };
    const stop = events.subscribe(wanted, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void Promise.all([this.load(), this.open(this.wanted)]), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }
}
