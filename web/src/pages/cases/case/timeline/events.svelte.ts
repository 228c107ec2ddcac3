/** The timeline of one case: read whole, followed live. */
import { api } from '../../../../api/client';
import { events } from '../../../../api/events.svelte';
import { messageOf } from '../../../../api/problem';
import type { TimelineEvent } from '../../../../api/types';
import { toast } from '../../../../ui/toasts.svelte';

const PAUSE = 300;

export interface EventInput {
  title: string;
  date: number;
  endDate?: number | null;
  description?: string | null;
}

export class Timeline {
  events = $state.raw<readonly TimelineEvent[]>([]);
  loaded = $state(false);
  problem = $state<string>();

  /** `reference` is the number or id of the case. */
  constructor(readonly reference: string) {}

  async load(): Promise<void> {
    try {
      const { events: found } = await api.get('/api/v1/case/{caseId}/timeline', {
        path: { caseId: this.reference },
      });
      this.events = found;
      this.loaded = true;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  async add({ title, date, endDate, description }: EventInput): Promise<void> {
    await api.post('/api/v1/case/{caseId}/customEvent', {
      path: { caseId: this.reference },
      body: {
        title,
        date,
        ...(typeof endDate === 'number' ? { endDate } : {}),
        ...(typeof description === 'string' ? { description } : {}),
      },
    });
    await this.load();
  }

  async change(id: string, change: EventInput): Promise<void> {
    // The document cannot say that null clears; the server takes it.
    const body = change as { title: string; date: number };
    await api.patch('/api/v1/customEvent/{eventId}', { path: { eventId: id }, body });
    await this.load();
  }

  async remove(event: TimelineEvent): Promise<void> {
    await api.delete('/api/v1/customEvent/{eventId}', { path: { eventId: event.entityId } });
    await this.load();
    toast('Event deleted', { undo: () => this.add(inputOf(event)) });
  }

  /** Follows everything that happens in the case; returns how to stop. */
  follow(caseId: string): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.subscribe({ rootId: caseId }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }
}

/** A custom event as it was written. */
export function inputOf({ date, endDate, details }: TimelineEvent): EventInput {
  const input: EventInput = { title: String(details['title']), date };
  if (endDate !== undefined) input.endDate = endDate;
  if (typeof details['description'] === 'string') input.description = details['description'];
  return input;
}
