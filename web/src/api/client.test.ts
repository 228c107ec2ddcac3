import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, onSessionEnded, useOrganisation } from './client';
import { ApiProblem } from './problem';

const answer = (status: number, body?: unknown) =>
  new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });

const fetch = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();

beforeEach(() => {
  fetch.mockReset();
  vi.stubGlobal('fetch', fetch);
  useOrganisation(undefined);
});
afterEach(() => vi.unstubAllGlobals());

describe('api', () => {
  it('names the organisation and sends JSON', async () => {
    fetch.mockResolvedValue(answer(201, { _id: '~1' }));
    useOrganisation('~9');
    await expect(api.post('/x', { a: 1 })).resolves.toEqual({ _id: '~1' });
    const [, init] = fetch.mock.calls[0] ?? [];
    const headers = new Headers(init?.headers);
    expect(headers.get('X-Organisation')).toBe('~9');
    expect(headers.get('Content-Type')).toBe('application/json');
    expect(init?.body).toBe('{"a":1}');
  });

  it('turns a refusal into a problem with its fields', async () => {
    fetch.mockResolvedValue(
      answer(400, {
        type: 'AttributeCheckingError',
        message: 'title is missing',
        errors: [{ name: 'title', type: 'MissingAttributeError', message: 'is required' }],
      }),
    );
    const problem = await api.post('/x', {}).catch((thrown: unknown) => thrown);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect((problem as ApiProblem).forField('title')).toBe('is required');
    expect((problem as ApiProblem).forField('tags')).toBeUndefined();
  });

  it('copes with a refusal that is no JSON, and with no answer at all', async () => {
    fetch.mockResolvedValueOnce(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(api.get('/x')).rejects.toMatchObject({ status: 502 });
    fetch.mockRejectedValueOnce(new TypeError('network'));
    await expect(api.get('/x')).rejects.toMatchObject({ status: 0 });
  });

  it('asks once for a sign-in, then sends what was refused again', async () => {
    const ask = vi.fn(() => Promise.resolve(true));
    onSessionEnded(ask);
    fetch.mockResolvedValueOnce(answer(401, {})).mockResolvedValueOnce(answer(401, {}));
    fetch.mockImplementation(() => Promise.resolve(answer(200, 'kept')));
    await expect(Promise.all([api.post('/a', { typed: 'text' }), api.get('/b')])).resolves.toEqual([
      'kept',
      'kept',
    ]);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(
      fetch.mock.calls.filter(([path, init]) => path === '/a' && init.body === '{"typed":"text"}'),
    ).toHaveLength(2);
  });

  it('passes a 401 on where it is the answer, and when nobody signs in', async () => {
    onSessionEnded(() => Promise.resolve(false));
    fetch.mockImplementation(() => Promise.resolve(answer(401, { type: 'AuthenticationError' })));
    await expect(api.get('/x')).rejects.toMatchObject({ status: 401 });
    await expect(api.get('/x', { reauthenticate: false })).rejects.toMatchObject({ status: 401 });
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});
