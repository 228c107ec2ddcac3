/** How similar cases and alerts are counted and called. Pure. */
import type { Alert, Case } from '../api/types';

/** As many as the server counts where nobody needs to know how many more there are. */
export const COUNTED_MAX = 100;

/** `3`, `99+`. */
export const countWords = (count: number): string =>
  count >= COUNTED_MAX ? `${String(COUNTED_MAX - 1)}+` : String(count);

/** `1 case`, `99+ alerts`. */
export const countedWords = (count: number, side: 'cases' | 'alerts'): string =>
  `${countWords(count)} ${count === 1 ? side.slice(0, -1) : side}`;

export const isCase = (entity: Case | Alert): entity is Case => 'number' in entity;

/** What it is called: `#12 - Phishing`, `Beacon`. */
export const nameOf = (entity: Case | Alert): string =>
  isCase(entity) ? `#${String(entity.number)} - ${entity.title}` : entity.title;

export const hrefOf = (entity: Case | Alert): string =>
  isCase(entity) ? `/cases/${String(entity.number)}` : `/alerts/${entity._id}`;
