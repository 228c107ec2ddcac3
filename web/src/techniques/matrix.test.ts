import { describe, expect, it } from 'vitest';
import { columnsOf, found, heat, mostOf, usesOf } from './matrix';

const technique = (patternId: string, name: string, ...tactics: string[]) => ({
  patternId,
  name,
  tactics,
  url: '',
});

const catalogue = {
  id: '~1',
  name: 'Enterprise Attack',
  tactics: [
    { name: 'initial-access', label: 'Initial Access' },
    { name: 'persistence', label: 'Persistence' },
  ],
  techniques: [
    technique('T1078', 'Valid Accounts', 'initial-access', 'persistence'),
    technique('T1078.001', 'Default Accounts', 'initial-access', 'persistence'),
    technique('T1566', 'Phishing', 'initial-access'),
  ],
};

describe('the matrix', () => {
  it('has a column for each tactic and puts parts below their technique', () => {
    const columns = columnsOf(catalogue, usesOf([]));
    expect(columns.map(({ cells }) => cells.map((cell) => cell.technique.patternId))).toEqual([
      ['T1566', 'T1078'],
      ['T1078'],
    ]);
    expect(columns[0]?.cells[1]?.parts.map((cell) => cell.technique.patternId)).toEqual(['T1078.001']);
  });

  it('counts a use in its tactic, and one without a tactic in each of its columns', () => {
    const uses = usesOf([
      { patternId: 'T1078.001', tactic: 'persistence' },
      { patternId: 'T1078' },
      { patternId: 'T1566', tactic: 'initial-access' },
    ]);
    const columns = columnsOf(catalogue, uses);
    expect(columns.map(({ total }) => total)).toEqual([2, 2]);
    expect(columns[1]?.cells[0]).toMatchObject({ count: 1, total: 2 });
    expect(mostOf(columns)).toBe(2);
  });

  it('finds techniques and parts by id and name', () => {
    const columns = columnsOf(catalogue, usesOf([]));
    const names = (typed: string) => found(columns, typed).map(({ cells }) => cells.length);
    expect(names('phish')).toEqual([1]);
    expect(names('default acc')).toEqual([1, 1]);
    expect(names('t1078.001')).toEqual([1, 1]);
    expect(names('')).toEqual([2, 1]);
  });
});

describe('heat', () => {
  it('is a share of the most', () => {
    expect([0, 1, 3, 6, 10].map((count) => heat(count, 10))).toEqual([0, 1, 2, 3, 4]);
    expect(heat(1, 1)).toBe(2);
  });
});
