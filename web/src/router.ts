/**
 * Matches a path against the table of pages. Pure: history and what is on screen
 * are in `location.svelte.ts`, the table itself in `routes.ts`.
 */
import type { Component } from 'svelte';

export type Params = Record<string, string>;

/** What a page component is given. */
export interface PageProps {
  params: Params;
}

/** A page may take its parameters or need none. */
export type Page = Component<PageProps> | Component<Record<string, never>>;

export interface Route {
  /** `/cases/:number/:tab?` — `:name` is a parameter, a trailing `?` makes it optional. */
  path: string;
  /** Shown in the breadcrumb and as the document's title until the page says more. */
  title: string;
  page: () => Promise<{ default: Page }>;
  /** Where the page makes sense: default is every organisation. */
  where?: 'admin' | 'ordinary';
  /** Usable without a session. */
  public?: true;
}

export interface Match {
  route: Route;
  params: Params;
}

/** The first route of the table that fits the path. */
export function match(path: string, routes: readonly Route[]): Match | undefined {
  for (const route of routes) {
    const params = paramsOf(path, route.path);
    if (params) return { route, params };
  }
  return undefined;
}

function paramsOf(path: string, pattern: string): Params | undefined {
  const given = segments(path);
  const expected = segments(pattern);
  if (given.length > expected.length) return undefined;
  const params: Params = {};
  for (const [index, part] of expected.entries()) {
    const value = given[index];
    const optional = part.endsWith('?');
    if (value === undefined) {
      if (optional) continue;
      return undefined;
    }
    if (!part.startsWith(':')) {
      if (part !== value) return undefined;
      continue;
    }
    const decoded = decode(value);
    if (decoded === undefined) return undefined;
    params[part.slice(1, optional ? -1 : undefined)] = decoded;
  }
  return params;
}

const segments = (path: string): string[] => path.split('/').filter((part) => part !== '');

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
