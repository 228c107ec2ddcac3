import { afterEach, describe, expect, it, vi } from 'vitest';
import { all, Query } from './query';

afterEach(() => vi.unstubAllGlobals());

function answer(body: unknown, headers: Record<string, string> = {}) {
  return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json', ...headers } });
}

describe('Query', () => {
  it('is a list of operations, each call giving a new one', () => {
    const cases = Query.list('listCase');
    const open = cases.filter({ _eq: { _field: 'stage', _value: 'New' } }).sort(['severity', 'desc']);
    expect(cases.operations).toEqual([{ _name: 'listCase' }]);
    expect(open.page(0, 30, ['taskStats']).operations).toEqual([
      { _name: 'listCase' },
      { _name: 'filter', _eq: { _field: 'stage', _value: 'New' } },
      { _name: 'sort', _fields: [{ severity: 'desc' }] },
      { _name: 'page', from: 0, to: 30, extraData: ['taskStats'] },
    ]);
  });

  it('goes only where the server leads', () => {
    const never = () => [
      // @ts-expect-error cases have no logs; their tasks have
      Query.list('listCase').then('logs'),
      // @ts-expect-error no such operation
      Query.list('listCases'),
      Query.get('getCase', '1')
        .then('tasks')
        .first()
        .then((task) => task?.mandatory satisfies boolean | undefined),
    ];
    expect(never).toBeTypeOf('function');
  });

  it('takes the total from the header of the page', async () => {
    const fetch = vi.fn().mockResolvedValue(answer([{ _id: '~1' }], { 'X-Total': '459' }));
    vi.stubGlobal('fetch', fetch);
    const page = await Query.list('listCase').runPage(0, 1);
    expect(page).toEqual({ rows: [{ _id: '~1' }], total: 459 });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('counts where a server gives no total', async () => {
    const fetch = vi.fn().mockResolvedValueOnce(answer([])).mockResolvedValueOnce(answer(12));
    vi.stubGlobal('fetch', fetch);
    expect((await Query.list('listCase').runPage(0, 1)).total).toBe(12);
  });
});

describe('all', () => {
  it('joins what is there', () => {
    const one = { _has: 'a' };
    const two = { _has: 'b' };
    expect(all()).toBeUndefined();
    expect(all(undefined, one)).toEqual(one);
    expect(all(one, two)).toEqual({ _and: [one, two] });
  });
});
