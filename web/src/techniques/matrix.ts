/** The ATT&CK matrix: a column for each tactic, a cell for each technique, its parts below it. Pure. */
import type { Tactic } from '../api/types';
import type { Catalogue, Technique } from './catalogs.svelte';

export interface Cell {
  technique: Technique;
  /** How often it was used, without its parts. */
  count: number;
  /** The same with its parts. */
  total: number;
  parts: Cell[];
}

export interface Column {
  tactic: Tactic;
  cells: Cell[];
  /** How often techniques of this column were used. */
  total: number;
}

/** How often each technique was used with a tactic; the empty text where none was said. */
export type Uses = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The uses of a list of procedures. */
export function usesOf(procedures: readonly { patternId: string; tactic?: string | undefined }[]): Uses {
  const uses = new Map<string, Map<string, number>>();
  for (const { patternId, tactic = '' } of procedures) {
    const byTactic = uses.get(patternId) ?? new Map<string, number>();
    byTactic.set(tactic, (byTactic.get(tactic) ?? 0) + 1);
    uses.set(patternId, byTactic);
  }
  return uses;
}

/** What counts in a column: uses with its tactic, and those that say none. */
const usedIn = (uses: Uses, patternId: string, tactic: string): number => {
  const byTactic = uses.get(patternId);
  return (byTactic?.get(tactic) ?? 0) + (byTactic?.get('') ?? 0);
};

export function columnsOf(catalogue: Catalogue, uses: Uses): Column[] {
  const parts = new Map<string, Technique[]>();
  for (const technique of catalogue.techniques) {
    const [parent = '', part] = technique.patternId.split('.');
    if (part !== undefined) parts.set(parent, [...(parts.get(parent) ?? []), technique]);
  }
  return catalogue.tactics.map((tactic) => {
    const cell = (technique: Technique): Cell => {
      const own = (parts.get(technique.patternId) ?? [])
        .filter((part) => part.tactics.includes(tactic.name))
        .map(cell);
      const count = usedIn(uses, technique.patternId, tactic.name);
      return { technique, count, total: own.reduce((sum, part) => sum + part.total, count), parts: own };
    };
    const cells = catalogue.techniques
      .filter(({ patternId, tactics }) => !patternId.includes('.') && tactics.includes(tactic.name))
      .map(cell)
      .sort((a, b) => a.technique.name.localeCompare(b.technique.name));
    return { tactic, cells, total: cells.reduce((sum, { total }) => sum + total, 0) };
  });
}

/** Only the cells whose name or id, or that of a part, holds what is typed, in columns that have some; all when nothing is. */
export function found(columns: readonly Column[], typed: string): Column[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...columns];
  const fits = ({ technique }: Cell): boolean => {
    const text = `${technique.patternId} ${technique.name}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return columns
    .map((column) => {
      const cells = column.cells.flatMap((cell) => {
        const parts = cell.parts.filter(fits);
        if (fits(cell)) return [cell];
        return parts.length > 0 ? [{ ...cell, parts }] : [];
      });
      return { ...column, cells, total: cells.reduce((sum, { total }) => sum + total, 0) };
    })
    .filter(({ cells }) => cells.length > 0);
}

/** The step of the colour scale, 0 to 4, of a number among numbers up to `most`. */
export function heat(count: number, most: number): 0 | 1 | 2 | 3 | 4 {
  if (count <= 0) return 0;
  const share = count / Math.max(1, most);
  if (share > 0.75) return most === 1 ? 2 : 4;
  if (share > 0.5) return 3;
  return share > 0.25 ? 2 : 1;
}

/** The largest number of a matrix. */
export const mostOf = (columns: readonly Column[]): number =>
  Math.max(0, ...columns.flatMap(({ cells }) => cells.map(({ total }) => total)));
