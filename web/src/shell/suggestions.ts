/** What the palette offers for what was typed. Only what leads somewhere. */
import { api } from '../api/client';
import { session } from '../api/session.svelte';
import type { LookupHit } from '../api/types';
import type { Binding } from '../keys';
import { exists } from '../routes';

export interface Suggestion {
  key: string;
  kind: string;
  label: string;
  href?: string;
  action?: () => void;
  keys?: string;
}

/** Actions whose label holds every typed word. */
export function actionsFor(bindings: readonly Binding[], typed: string): Suggestion[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return bindings
    .filter(
      ({ palette, label }) => palette !== false && words.every((word) => label.toLowerCase().includes(word)),
    )
    .map(({ label, action, keys }, index) => ({
      key: `action:${String(index)}:${label}`,
      kind: 'Action',
      label,
      action,
      ...(keys[0] === undefined ? {} : { keys: keys[0] }),
    }));
}

/** `#12` or `12` goes to case 12, whether the search finds it or not; the organisation `admin` has no cases. */
export function jumpsFor(typed: string): Suggestion[] {
  const number = /^#?(\d+)$/.exec(typed.trim())?.[1];
  if (number === undefined || session.isAdminOrganisation || !exists(`/cases/${number}`)) return [];
  return [{ key: `jump:${number}`, kind: 'Go to', label: `Case #${number}`, href: `/cases/${number}` }];
}

/** The page that searches everything; the palette itself knows titles and names only. */
export function searchFor(typed: string): Suggestion[] {
  const text = typed.trim();
  if (text === '' || session.isAdminOrganisation || !exists('/search')) return [];
  const href = `/search?${new URLSearchParams({ q: text }).toString()}`;
  return [{ key: 'search', kind: 'Search', label: `Everything with “${text}”`, href }];
}

export async function lookUp(typed: string, signal: AbortSignal): Promise<Suggestion[]> {
  const hits = await api.get('/api/skep/v1/lookup', { query: { q: typed }, signal });
  return hits.flatMap((hit) => {
    const href = hrefOf(hit);
    if (href === undefined || !exists(href)) return [];
    const label = hit.number === undefined ? hit.title : `#${String(hit.number)} - ${hit.title}`;
    return [{ key: `${hit.kind}:${hit.id}`, kind: KINDS[hit.kind], label, href }];
  });
}

const KINDS: Record<LookupHit['kind'], string> = {
  case: 'Case',
  task: 'Task',
  user: 'User',
  organisation: 'Organization',
};

/** Undefined where this person has no page for it. */
function hrefOf(hit: LookupHit): string | undefined {
  switch (hit.kind) {
    case 'case':
      return `/cases/${String(hit.number ?? hit.id)}`;
    case 'task':
      return `/tasks/${hit.id}`;
    case 'user':
      return session.can('manageUser') ? `/users?drawer=preview:${hit.id}` : undefined;
    case 'organisation':
      if (session.isAdminOrganisation) return `/organisations/${hit.id}`;
      return session.can('manageUser') ? '/organisation' : undefined;
  }
}
