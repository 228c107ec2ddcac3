/**
 * What the server's own document says of each path and method, as types. A field, a path
 * or an operation that changes there breaks `npm run check` here. No code: `client.ts` has it.
 */
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that have the method. */
export type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

export type Operation<P extends keyof paths, M extends Method> = paths[P][M];

type Success<R> = R extends { 200: infer A } ? A : R extends { 201: infer A } ? A : never;

/** The body of the answer; undefined where it has none. */
export type AnswerOf<O> = O extends { responses: infer R }
  ? Success<R> extends { content: infer C }
    ? C[keyof C]
    : undefined
  : never;

type InPath<O> = O extends { parameters: { path: infer P extends object } } ? { path: P } : unknown;
type InQuery<O> = O extends { parameters: { query: infer Q extends object } }
  ? { query: Q }
  : O extends { parameters: { query?: infer Q } }
    ? { query?: Q }
    : unknown;
type InBody<O> = O extends { requestBody: { content: { 'application/json': infer B } } }
  ? { body: B }
  : unknown;

/** What a request of the operation has to say and may say. */
export type InputOf<O> = InPath<O> & InQuery<O> & InBody<O>;

/** `[input]`, or `[input?]` where there is nothing that has to be said. */
export type Arguments<I> = Record<never, never> extends I ? [input?: I] : [input: I];
