/**
 * The live feed: one streamed request per visible tab, resumed by the id of the
 * last event. A tab in the background lets go of it after a while (browsers allow
 * only a few connections per host) and catches up when it is looked at again.
 */
import { requestHeaders } from './client';
import type { PathWith } from './paths';
import { EventStreamParser, type ServerEvent } from './sse';
import type { AuditEvent, UnreadEvent } from './types';

export interface Interest {
  /** Entity kinds as in `objectType`, e.g. `Case`. */
  objectTypes?: readonly string[];
  objectId?: string;
  /** The case (or other root) something happened in. */
  rootId?: string;
}

type Listener = (event: AuditEvent) => void;

const FEED = '/api/skep/v1/events' satisfies PathWith<'get'>;
const BACKGROUND_GRACE = 30_000;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 30_000;

class Events {
  /** False while the feed is down: pages may say that what they show could be old. */
  connected = $state(false);
  /** Unread notices of the user, once the server has told. */
  unreadCount = $state<number | undefined>(undefined);

  private listeners = new Set<{ interest: Interest; listener: Listener }>();
  private abort: AbortController | undefined;
  private lastId: string | undefined;
  private retry = FIRST_RETRY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;

  /** Calls the listener for each event of interest; returns how to stop. */
  subscribe(interest: Interest, listener: Listener): () => void {
    const entry = { interest, listener };
    this.listeners.add(entry);
    return () => this.listeners.delete(entry);
  }

  /** Opens the feed of the current organisation from now on. */
  start(): void {
    this.stop();
    this.wanted = true;
    this.lastId = undefined;
    document.addEventListener('visibilitychange', this.onVisibility);
    if (document.visibilityState === 'visible') void this.connect();
  }

  stop(): void {
    this.wanted = false;
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.disconnect();
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.timer);
    if (document.visibilityState === 'visible') {
      if (!this.abort) void this.connect();
    } else {
      this.timer = setTimeout(() => this.disconnect(), BACKGROUND_GRACE);
    }
  };

  private disconnect(): void {
    clearTimeout(this.timer);
    this.abort?.abort();
    this.abort = undefined;
    this.connected = false;
  }

  private async connect(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    const again = await this.stream(abort.signal);
    if (this.abort !== abort) return;
    this.abort = undefined;
    this.connected = false;
    if (!again || !this.wanted || document.visibilityState !== 'visible') return;
    this.timer = setTimeout(() => void this.connect(), this.retry * (0.75 + Math.random() / 2));
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  /** Reads until the stream ends; false when there is no point in trying again. */
  private async stream(signal: AbortSignal): Promise<boolean> {
    const extra: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.lastId !== undefined) extra['Last-Event-ID'] = this.lastId;
    try {
      const response = await fetch(FEED, { headers: requestHeaders(extra), signal });
      // Signed out or not allowed: the next sign-in starts the feed anew.
      if (response.status >= 400 && response.status < 500) return response.status === 429;
      if (!response.ok || !response.body) return true;
      this.connected = true;
      this.retry = FIRST_RETRY;
      const parser = new EventStreamParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        for (const event of parser.push(part.value)) this.receive(event);
      }
      return true;
    } catch {
      return !signal.aborted;
    }
  }

  private receive(event: ServerEvent): void {
    if (event.id !== undefined) this.lastId = event.id;
    if (event.event === 'inbox') {
      this.unreadCount = (JSON.parse(event.data) as UnreadEvent).unreadCount;
    }
    if (event.event !== 'audit') return;
    const audit = JSON.parse(event.data) as AuditEvent;
    for (const { interest, listener } of this.listeners) if (concerns(interest, audit)) listener(audit);
  }
}

function concerns(interest: Interest, event: AuditEvent): boolean {
  if (interest.objectTypes && !interest.objectTypes.includes(event.objectType)) return false;
  if (interest.objectId !== undefined && interest.objectId !== event.objectId) return false;
  return interest.rootId === undefined || interest.rootId === event.rootId;
}

export const events = new Events();
