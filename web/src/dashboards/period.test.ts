import { describe, expect, it } from 'vitest';
import { intervalOf, periodOf, steps } from './period';

const DAY = 86_400_000;
const NOW = 100 * DAY + 5;

describe('a period', () => {
  it('ends now', () => {
    expect(periodOf('last7Days', NOW)).toEqual({ from: 93 * DAY + 5, to: undefined });
    expect(periodOf('all', NOW)).toEqual({ from: undefined, to: undefined });
    expect(periodOf('nonsense', NOW).from).toBe(70 * DAY + 5);
    expect(periodOf('custom', NOW, { fromDate: 1, toDate: 2 })).toEqual({ from: 1, to: 2 });
  });

  it('has steps that fit it', () => {
    const auto = (name: string) => intervalOf('auto', periodOf(name, NOW), NOW);
    expect(['last24Hours', 'last30Days', 'last12Months', 'all'].map(auto)).toEqual(['1h', '1d', '1w', '1M']);
    expect(intervalOf('3d', periodOf('all', NOW), NOW)).toBe('3d');
  });

  it('has no holes', () => {
    const week = periodOf('last7Days', NOW);
    expect(steps([95 * DAY], '1d', week, NOW)).toEqual([94, 95, 96, 97, 98, 99, 100].map((day) => day * DAY));
    expect(steps([], '1d', week, NOW)).toEqual([]);
    expect(steps([5, 3, 5], '1M', week, NOW)).toEqual([3, 5]);
  });
});
