import { describe, expect, it } from 'vitest';
import { newObservables, withMore } from './observables';

const seen = [
  { dataType: 'ip', data: '8.8.8.8' },
  { dataType: 'domain', data: 'evil.test' },
  { dataType: 'ip', data: '1.1.1.1' },
];

describe('the observables of a new alert', () => {
  it('go in one entry for each type, with the levels of the alert', () => {
    expect(newObservables(seen, 3, 1)).toEqual([
      { dataType: 'ip', data: ['8.8.8.8', '1.1.1.1'], tlp: 3, pap: 1 },
      { dataType: 'domain', data: ['evil.test'], tlp: 3, pap: 1 },
    ]);
    expect(newObservables([], 2, 2)).toEqual([]);
  });

  it('are there once each', () => {
    expect(withMore(seen, [{ dataType: 'ip', data: '1.1.1.1' }])).toEqual(seen);
    expect(withMore(seen, [{ dataType: 'url', data: '1.1.1.1' }])).toHaveLength(4);
  });
});
