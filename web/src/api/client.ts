/**
 * Every request of the UI goes through here: organisation header, JSON, typed
 * refusals, and the wait for a new sign-in when the session has ended.
 * Not here: what the requests mean. Pages call
 * `api.get('/api/v1/task/{taskId}', { path: { taskId } })`; what a path takes and gives
 * is known from the server's document (`paths.ts`).
 */
import type { AnswerOf, Arguments, InputOf, Method, Operation, PathWith } from './paths';
import { ApiProblem, type ProblemBody } from './problem';

export interface RequestOptions {
  method?: string;
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** False for the requests that make or check a session: a 401 is their answer. */
  reauthenticate?: boolean;
}

export interface Answer<T> {
  body: T;
  headers: Headers;
}

type Reauthenticate = () => Promise<boolean>;

let organisation: string | undefined;
let reauthenticate: Reauthenticate | undefined;
let pendingReauthentication: Promise<boolean> | undefined;

/** The organisation every following request is made in (id or name). */
export function useOrganisation(idOrName: string | undefined): void {
  organisation = idOrName;
}

/** Asked when a request finds the session ended; resolves true once there is a new one. */
export function onSessionEnded(ask: Reauthenticate): void {
  reauthenticate = ask;
}

/** Headers of a request in the current organisation. */
export function requestHeaders(extra: Record<string, string> = {}): Headers {
  const headers = new Headers({ Accept: 'application/json', ...extra });
  // A header is Latin-1; a name beyond it would throw, so organisations are named by id where it matters.
  if (organisation !== undefined) headers.set('X-Organisation', organisation);
  return headers;
}

/** Sends a request and gives the parsed body with the answer's headers. */
export async function send<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const response = await attempt(path, options);
  if (response.status === 401 && options.reauthenticate !== false && (await askForSignIn())) {
    return read<T>(await attempt(path, options));
  }
  return read<T>(response);
}

async function attempt(path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', body, signal, headers } = options;
  const init: RequestInit = { method, headers: requestHeaders(headers), credentials: 'same-origin' };
  if (signal) init.signal = signal;
  if (body instanceof FormData) {
    // The browser writes the content type itself: only it knows what divides the parts.
    init.body = body;
  } else if (body !== undefined) {
    (init.headers as Headers).set('Content-Type', 'application/json');
    init.body = JSON.stringify(body);
  }
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem(0, {});
  }
}

/** Requests that fail together wait for one dialog together. */
async function askForSignIn(): Promise<boolean> {
  if (!reauthenticate) return false;
  pendingReauthentication ??= reauthenticate().finally(() => (pendingReauthentication = undefined));
  return pendingReauthentication;
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  if (!response.ok) throw new ApiProblem(response.status, problemBody(text));
  return { body: (text === '' ? undefined : parsed(text, response)) as T, headers: response.headers };
}

function parsed(text: string, response: Response): unknown {
  return response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
}

function problemBody(text: string): ProblemBody {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as ProblemBody) : {};
  } catch {
    return {};
  }
}

type Named = Record<string, unknown>;

/** The address of something that is read by other means than `api`, e.g. a picture. */
export const addressOf = <P extends PathWith<'get'>>(
  template: P,
  ...[input]: Arguments<InputOf<Operation<P, 'get'>>>
): string => {
  const { path, query } = (input ?? {}) as Input;
  return address(template, path, query);
};

/** A path of the document with its `{parameters}` filled in. */
function address(template: string, path: Named = {}, query: Named = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    // Without it, another address would be asked for: that of the whole collection.
    if (path[name] === undefined || path[name] === '') throw new Error(`${template} needs ${name}`);
    return encodeURIComponent(String(path[name]));
  });
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length === 0 ? filled : `${filled}?${search.toString()}`;
}

type Input = RequestOptions & { path?: Named; query?: Named };

const verb =
  <M extends Method>(method: M) =>
  async <P extends PathWith<M>>(
    template: P,
    ...[input]: Arguments<InputOf<Operation<P, M>> & Omit<RequestOptions, 'method' | 'body'>>
  ): Promise<AnswerOf<Operation<P, M>>> => {
    const { path, query, ...options } = (input ?? {}) as Input;
    const sent = { ...options, method: method.toUpperCase() };
    return (await send<AnswerOf<Operation<P, M>>>(address(template, path, query), sent)).body;
  };

export const api = {
  get: verb('get'),
  post: verb('post'),
  put: verb('put'),
  patch: verb('patch'),
  delete: verb('delete'),
};
