/** What the drawer of a procedure asks for, and what is sent. Pure. */
import type { Procedure, ProcedureInput } from '../api/types';
import type { Option } from '../ui/options';
import type { Catalogue, Technique } from './catalogs.svelte';

export interface ProcedureValues {
  catalogId: string | undefined;
  tactic: string | undefined;
  patternId: string | undefined;
  occurDate: number | undefined;
  description: string;
}

/** The choice of techniques: those of the tactic, or all; a part with the name of what it is a part of. */
export function techniqueOptions(catalogue: Catalogue | undefined, tactic: string | undefined): Option[] {
  const names = new Map(catalogue?.techniques.map(({ patternId, name }) => [patternId, name]));
  return (catalogue?.techniques ?? [])
    .filter(({ tactics }) => tactic === undefined || tactics.includes(tactic))
    .map(({ patternId, name }) => {
      const parent = names.get(patternId.split('.')[0] ?? '');
      const isPart = patternId.includes('.') && parent !== undefined;
      return { value: patternId, label: `${patternId} - ${isPart ? `${parent}: ` : ''}${name}` };
    });
}

/** The tactics that can be chosen: all, or those of the technique. */
export function tacticOptions(catalogue: Catalogue | undefined, technique: Technique | undefined): Option[] {
  return (catalogue?.tactics ?? [])
    .filter(({ name }) => technique === undefined || technique.tactics.includes(name))
    .map(({ name, label }) => ({ value: name, label }));
}

export function missingIn({ patternId, occurDate }: ProcedureValues): string | undefined {
  if (patternId === undefined) return 'Technique is required';
  return occurDate === undefined ? 'Occur date is required' : undefined;
}

export function procedureInput(values: ProcedureValues): ProcedureInput {
  const { patternId = '', occurDate = 0, tactic, description } = values;
  const input: ProcedureInput = { patternId, occurDate };
  if (tactic !== undefined) input.tactic = tactic;
  if (description.trim() !== '') input.description = description;
  return input;
}

export function valuesOf(procedure: Procedure, catalogues: readonly Catalogue[]): ProcedureValues {
  const has = ({ techniques }: Catalogue) =>
    techniques.some(({ patternId }) => patternId === procedure.patternId);
  return {
    catalogId: catalogues.find(has)?.id,
    tactic: procedure.tactic,
    patternId: procedure.patternId,
    occurDate: procedure.occurDate,
    description: procedure.description ?? '',
  };
}
