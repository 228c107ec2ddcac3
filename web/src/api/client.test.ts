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
    await expect(api.post('/api/skep/v1/markdown', { body: { texts: ['a'] } })).resolves.toEqual({
      _id: '~1',
    });
    const [, init] = fetch.mock.calls[0] ?? [];
    const headers = new Headers(init?.headers);
    expect(headers.get('X-Organisation')).toBe('~9');
    expect(headers.get('Content-Type')).toBe('application/json');
    expect(init?.body).toBe('{"texts":["a"]}');
  });

  it('fills in the parameters of the path, and those of the search that are given', async () => {
    fetch.mockImplementation(() => Promise.resolve(answer(200, { total: 0, items: [] })));
    await api.get('/api/skep/v1/bin', { query: { from: 0, to: undefined } });
    await api.patch('/api/v1/user/{userId}', { path: { userId: 'ana/é?@x.org' }, body: { locked: true } });
    expect(fetch.mock.calls.map(([path, { method }]) => `${method ?? ''} ${path}`)).toEqual([
      'GET /api/skep/v1/bin?from=0',
      'PATCH /api/v1/user/ana%2F%C3%A9%3F%40x.org',
    ]);
  });

  it('is refused by the compiler where it is not as the document says', () => {
    const never = () => [
      // @ts-expect-error no such path
      api.get('/api/v1/cases'),
      // @ts-expect-error no such method
      api.put('/api/v1/case', { body: { title: '', description: '' } }),
      // @ts-expect-error no case without a title
      api.post('/api/v1/case', { body: { description: '' } }),
      // @ts-expect-error no such field
      api.patch('/api/v1/task/{taskId}', { path: { taskId: '' }, body: { titel: '' } }),
      // @ts-expect-error not the name of the parameter
      api.get('/api/v1/case/{idOrName}', { path: { id: '' } }),
      // @ts-expect-error no such field in the answer
      api.get('/api/skep/v1/bin').then(({ count }) => count as unknown),
    ];
    expect(never).toBeTypeOf('function');
  });

  it('asks for no other address where a parameter is empty', async () => {
    await expect(api.delete('/api/v1/task/{taskId}', { path: { taskId: '' } })).rejects.toThrow(
      'needs taskId',
    );
    expect(fetch).not.toHaveBeenCalled();
  });

  it('turns a refusal into a problem with its fields', async () => {
    fetch.mockResolvedValue(
      answer(400, {
        type: 'AttributeCheckingError',
        message: 'title is missing',
        errors: [{ name: 'title', type: 'MissingAttributeError', message: 'is required' }],
      }),
    );
    const problem = await api
      .post('/api/v1/organisation', { body: { name: '', description: '' } })
      .catch((thrown: unknown) => thrown);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect((problem as ApiProblem).forField('title')).toBe('is required');
    expect((problem as ApiProblem).forField('tags')).toBeUndefined();
  });

  it('copes with a refusal that is no JSON, and with no answer at all', async () => {
    fetch.mockResolvedValueOnce(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(api.get('/api/v1/user/current')).rejects.toMatchObject({ status: 502 });
    fetch.mockRejectedValueOnce(new TypeError('network'));
    await expect(api.get('/api/v1/user/current')).rejects.toMatchObject({ status: 0 });
  });

  it('asks once for a sign-in, then sends what was refused again', async () => {
    const ask = vi.fn(() => Promise.resolve(true));
    onSessionEnded(ask);
    fetch.mockResolvedValueOnce(answer(401, {})).mockResolvedValueOnce(answer(401, {}));
    fetch.mockImplementation(() => Promise.resolve(answer(200, 'kept')));
    const typed = api.post('/api/skep/v1/markdown', { body: { texts: ['typed'] } });
    await expect(Promise.all([typed, api.get('/api/v1/user/current')])).resolves.toEqual(['kept', 'kept']);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(
      fetch.mock.calls.filter(
        ([path, { body }]) => path.endsWith('/markdown') && body === '{"texts":["typed"]}',
      ),
    ).toHaveLength(2);
  });

  it('passes a 401 on where it is the answer, and when nobody signs in', async () => {
    onSessionEnded(() => Promise.resolve(false));
    fetch.mockImplementation(() => Promise.resolve(answer(401, { type: 'AuthenticationError' })));
    await expect(api.get('/api/v1/user/current')).rejects.toMatchObject({ status: 401 });
    await expect(api.get('/api/v1/user/current', { reauthenticate: false })).rejects.toMatchObject({
      status: 401,
    });
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});
