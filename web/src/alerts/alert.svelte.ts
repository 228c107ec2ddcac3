/** One alert on screen: read, changed at once with a way back, and followed live. */
import { changerWords } from '../api/changer';
import { events } from '../api/events.svelte';
import { cleared, opposite, Optimistic } from '../api/optimistic.svelte';
import { messageOf } from '../api/problem';
import { api } from '../api/client';
import { Query } from '../api/query';
import type { Alert, AlertUpdate, CustomFieldValue } from '../api/types';
import { fieldWords } from '../audit/words';
import type { FieldChange } from '../custom-fields/change';
import { toast } from '../ui/toasts.svelte';
import { COUNTS, countIn } from './brings';
import { changeAlerts, type AlertChange } from './changes';

const PAUSE = 150;

const savedWords = (change: AlertChange): string => `${Object.keys(change).map(fieldWords).join(', ')} saved`;

export class AlertState {
  readonly id: string;
  missing = $state(false);
  problem = $state<string>();

  private readonly kept = new Optimistic<Alert>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string) {
    this.id = id;
  }

  get alert(): Alert | undefined {
    return this.kept.shown;
  }

  /** Whoever changed the alert last, in words. */
  get changedBy(): string | undefined {
    return changerWords(this.alert?._updatedBy);
  }

  get procedureCount(): number {
    return countIn(this.alert, 'procedureCount');
  }

  get attachmentCount(): number {
    return countIn(this.alert, 'attachmentCount');
  }

  get customFields(): CustomFieldValue[] {
    return this.alert?.customFields ?? [];
  }

  /** What drafts of it are kept under. */
  get draft(): string {
    return `alert:${this.id}`;
  }

  /** Shows the values at once and sends the change; a refusal is thrown and the old values are back. */
  setFields(customFields: CustomFieldValue[], change: FieldChange): Promise<void> {
    return this.kept.change({ customFields }, async () => {
      await api.patch('/api/v1/alert/{alertId}', {
        path: { alertId: this.id },
        body: change as AlertUpdate,
      });
      await this.load();
    });
  }

  async load(): Promise<void> {
    try {
      const found = await Query.get('getAlert', this.id)
        .page(0, 1, [...COUNTS, 'relatedCase'])
        .first();
      if (found) this.kept.server = found;
      this.missing = found === undefined;
      this.problem = undefined;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** Follows everything that happens to the alert; returns how to stop. */
  follow(): () => void {
    const refresh = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.load(), PAUSE);
    };
    // Merged into a case it is told of the case, deleted of the organisation.
    const stops = [
      events.subscribe({ objectId: this.id }, refresh),
      events.subscribe({ rootId: this.id }, refresh),
    ];
    return () => {
      for (const stop of stops) stop();
      clearTimeout(this.timer);
    };
  }

  /** Shows the change at once and offers to undo it; a refusal is thrown and the old values are back. */
  async change(change: AlertChange, said = savedWords(change)): Promise<void> {
    const before = this.kept.server;
    if (!before) return;
    await this.send(change);
    const touched = change.status === undefined ? change : { ...change, assignee: null };
    toast(said, { undo: () => this.send(opposite(touched, before)) });
  }

  private send(change: AlertChange): Promise<void> {
    return this.kept.change(cleared<Alert>(change), async () => {
      await changeAlerts([this.id], change);
      await this.load();
    });
  }
}
