/** The form of a server of others: what it begins with, what it lacks, and what is sent. Pure. */
import type { Server, ServerInput, ServerTest, ServerUpdate } from '../../api/types';
import { missingInOptions, optionsOf, optionValuesOf, type OptionValues } from './misp/options';
import { isCount } from './numbers';

/** All organisations. */
const EVERYBODY = '*';
/** How long an answer may take when nothing else is said, in seconds. */
const TIME_MAX_S = 30;

export interface ServerValues {
  name: string;
  url: string;
  isEnabled: boolean;
  isForAll: boolean;
  included: string[];
  excluded: string[];
  acceptsAnyCertificate: boolean;
  caCertificate: string;
  timeMaxS: string;
  /** What only MISP servers are set to. */
  misp?: OptionValues;
}

/** What is typed, never shown again and kept in no draft. */
export interface Secrets {
  key: string;
  proxy: string;
  /** The proxy that is set is to go. */
  clearsProxy: boolean;
}

export const NO_SECRETS: Readonly<Secrets> = { key: '', proxy: '', clearsProxy: false };

export function valuesOf(kind: Server['kind'], server?: Server): ServerValues {
  const included = server?.includedOrganisations ?? [EVERYBODY];
  const excluded = server?.excludedOrganisations ?? [];
  const isForAll = included.includes(EVERYBODY);
  return {
    name: server?.name ?? '',
    url: server?.url ?? '',
    isEnabled: server?.isEnabled ?? true,
    isForAll,
    // Who is on both lists may not use it.
    included: isForAll ? [] : included.filter((name) => !excluded.includes(name)),
    excluded: isForAll ? [...excluded] : [],
    acceptsAnyCertificate: server?.acceptsAnyCertificate ?? false,
    caCertificate: server?.caCertificate ?? '',
    timeMaxS: String(server?.timeMaxS ?? TIME_MAX_S),
    ...(kind === 'misp' ? { misp: optionValuesOf(server) } : {}),
  };
}

/** Why it cannot be sent yet. */
export function missingIn(values: ServerValues, { key }: Secrets, isNew: boolean): string | undefined {
  if (values.name.trim() === '') return 'Name is required';
  if (values.url.trim() === '') return 'Address is required';
  if (isNew && key.trim() === '') return 'Key is required';
  if (!values.isForAll && values.included.length === 0) return 'Choose who may use it';
  if (!isCount(values.timeMaxS)) return 'Times and limits are whole numbers';
  return values.misp && missingInOptions(values.misp);
}

/** How it is reached: what is tried is also what is kept. */
function connectionOf(values: ServerValues, { key, proxy }: Secrets) {
  return {
    url: values.url.trim(),
    acceptsAnyCertificate: values.acceptsAnyCertificate,
    timeMaxS: Number(values.timeMaxS.trim() || TIME_MAX_S),
    ...(key.trim() === '' ? {} : { key: key.trim() }),
    ...(proxy.trim() === '' ? {} : { proxy: proxy.trim() }),
  };
}

const certificateIn = ({ caCertificate }: ServerValues) =>
  caCertificate.trim() === '' ? {} : { caCertificate };

function keptOf(values: ServerValues, secrets: Secrets) {
  return {
    ...connectionOf(values, secrets),
    name: values.name.trim(),
    isEnabled: values.isEnabled,
    includedOrganisations: values.isForAll ? [EVERYBODY] : values.included,
    excludedOrganisations: values.isForAll ? values.excluded : [],
    ...(values.misp ? { options: optionsOf(values.misp) } : {}),
  };
}

export function inputOf(kind: Server['kind'], values: ServerValues, secrets: Secrets): ServerInput {
  return { kind, ...keptOf(values, secrets), key: secrets.key.trim(), ...certificateIn(values) };
}

/** What is not typed anew stays: the key, and the proxy unless it is to go. */
export function updateOf(values: ServerValues, secrets: Secrets): ServerUpdate {
  const gone = secrets.clearsProxy && secrets.proxy.trim() === '';
  return {
    caCertificate: null,
    ...keptOf(values, secrets),
    ...certificateIn(values),
    ...(gone ? { proxy: null } : {}),
  };
}

/**
 * What is tried: the key and the proxy that are kept count where none is typed. Nothing where that would try something
 * else than what is to be kept: without its proxy a server can only be tried with a key that is typed.
 */
export function testOf(
  kind: Server['kind'],
  values: ServerValues,
  secrets: Secrets,
  id?: string,
): ServerTest | undefined {
  const tried = { kind, ...connectionOf(values, secrets), ...certificateIn(values) };
  const dropsProxy = secrets.clearsProxy && secrets.proxy.trim() === '';
  if (dropsProxy) return secrets.key.trim() === '' ? undefined : tried;
  return id === undefined ? tried : { ...tried, id };
}
