/** How observables are written: harmless for reading, whole for using. Pure. */
import type { Observable } from '../api/types';

/** The types whose values lead somewhere when somebody clicks them. */
const LEADING: ReadonlySet<string> = new Set(['url', 'domain', 'fqdn', 'hostname', 'ip', 'mail', 'uri_path']);

/** A value that no program makes a link of, and no one visits by a slip: `hxxp://evil[.]example`. */
export function defang(dataType: string, value: string): string {
  if (!LEADING.has(dataType)) return value;
  const [scheme, rest] = value.includes('://') ? splitOnce(value, '://') : ['', value];
  const harmless = scheme.replace(/^http/i, 'hxxp').replace(/^ftp/i, 'fxp');
  const end = rest.search(/[/?#]/);
  const host = end < 0 ? rest : rest.slice(0, end);
  const path = end < 0 ? '' : rest.slice(end);
  const shown = host.replaceAll('.', '[.]').replaceAll('@', '[@]');
  return `${harmless === '' ? '' : `${harmless}://`}${shown}${path}`;
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return [text.slice(0, at), text.slice(at + by.length)];
}

/** What an observable is called: its value, or the name of its file. */
export const nameOf = ({ data, attachment }: Observable): string => data ?? attachment?.name ?? '';

/** The same, harmless. */
export const shownAs = (observable: Observable): string =>
  observable.data === undefined ? nameOf(observable) : defang(observable.dataType, observable.data);

/** Where else the same was seen. */
export interface Seen {
  total: number;
  cases: number;
  alerts: number;
  ioc: number;
  sighted: number;
}

export const seenOf = ({ extraData }: Observable): Seen =>
  (extraData['seenSummary'] as Seen | undefined) ?? { total: 0, cases: 0, alerts: 0, ioc: 0, sighted: 0 };

/** `3 cases, 1 alert`. */
export function seenWords({ cases, alerts }: Seen): string {
  const counted = (count: number, noun: string) => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
  const words = [cases > 0 ? counted(cases, 'case') : '', alerts > 0 ? counted(alerts, 'alert') : ''];
  return words.filter((word) => word !== '').join(', ');
}

/** `1 observable`, `3 observables`. */
export const counted = (count: number): string => `${String(count)} observable${count === 1 ? '' : 's'}`;

/**
 * Other letters in a host name than those it seems to be made of. The server says more of a text that is pasted; this is
 * for values that are there already.
 */
export function isLookalike(dataType: string, value: string): boolean {
  if (!LEADING.has(dataType)) return false;
  const host = value.replace(/^[a-z]+:\/\//i, '').split(/[/?#]/)[0] ?? '';
  const labels = host.split(/[.@]/);
  return (
    labels.some(
      (label) => /\p{Script=Latin}/u.test(label) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(label),
    ) || labels.some((label) => label.startsWith('xn--'))
  );
}
