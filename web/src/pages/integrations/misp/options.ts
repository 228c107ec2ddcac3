/** What only MISP servers are set to: the form of it, and how it becomes what is kept. Pure. */
import type { MispServerStatus, Server } from '../../../api/types';
import { isCount, numberIn } from '../numbers';

type Purpose = MispServerStatus['purpose'];

export const PURPOSES: readonly { value: Purpose; label: string }[] = [
  { value: 'ImportAndExport', label: 'Import events and export cases' },
  { value: 'ImportOnly', label: 'Import events only' },
  { value: 'ExportOnly', label: 'Export cases only' },
];

/** As the server keeps it. */
interface MispOptions {
  purpose?: Purpose;
  intervalMinutes?: number | null;
  tags?: string[];
  caseTemplate?: string | null;
  maxAgeDays?: number | null;
  maxAttributes?: number | null;
  maxFileBytes?: number | null;
  exclusion?: { organisations: string[]; tags: string[] };
  whitelist?: { organisations: string[]; tags: string[] };
  observablesAreSighted?: boolean;
  exportCaseTags?: boolean;
  exportObservableTags?: boolean;
  caseUrl?: string | null;
}

export interface OptionValues {
  purpose: Purpose;
  intervalMinutes: string;
  tags: string[];
  caseTemplate: string;
  maxAgeDays: string;
  maxAttributes: string;
  maxFileMegabytes: string;
  onlyOrganisations: string[];
  onlyTags: string[];
  notOrganisations: string[];
  notTags: string[];
  observablesAreSighted: boolean;
  exportCaseTags: boolean;
  exportObservableTags: boolean;
  caseUrl: string;
}

const MEGABYTE = 1_000_000;

const keptIn = (server: Pick<Server, 'options'> | undefined): MispOptions =>
  (server?.options ?? {}) as MispOptions;

export const imports = ({ purpose }: Pick<OptionValues, 'purpose'>): boolean => purpose !== 'ExportOnly';
export const exports = ({ purpose }: Pick<OptionValues, 'purpose'>): boolean => purpose !== 'ImportOnly';

/** What it is for, in words. */
export function purposeOf(server: Pick<Server, 'options'>): string {
  const { purpose } = optionValuesOf(server);
  return PURPOSES.find(({ value }) => value === purpose)?.label ?? '';
}

const text = (number: number | null | undefined): string => (number ? String(number) : '');

/** What the form begins with. */
export function optionValuesOf(server?: Pick<Server, 'options'>): OptionValues {
  const options = keptIn(server);
  return {
    purpose: options.purpose ?? 'ImportAndExport',
    intervalMinutes: text(options.intervalMinutes ?? 60),
    tags: [...(options.tags ?? [])],
    caseTemplate: options.caseTemplate ?? '',
    maxAgeDays: text(options.maxAgeDays),
    maxAttributes: text(options.maxAttributes),
    maxFileMegabytes: options.maxFileBytes ? String(options.maxFileBytes / MEGABYTE) : '',
    onlyOrganisations: [...(options.whitelist?.organisations ?? [])],
    onlyTags: [...(options.whitelist?.tags ?? [])],
    notOrganisations: [...(options.exclusion?.organisations ?? [])],
    notTags: [...(options.exclusion?.tags ?? [])],
    observablesAreSighted: options.observablesAreSighted ?? false,
    exportCaseTags: options.exportCaseTags ?? false,
    exportObservableTags: options.exportObservableTags ?? false,
    caseUrl: options.caseUrl ?? '',
  };
}

/** What is wrong in the form, if anything is. */
export function missingInOptions(values: OptionValues): string | undefined {
  const counts = [values.intervalMinutes, values.maxAgeDays, values.maxAttributes];
  if (!counts.every(isCount)) return 'Times and limits are whole numbers';
  const megabytes = numberIn(values.maxFileMegabytes);
  const isSize = values.maxFileMegabytes.trim() === '' || (megabytes !== undefined && megabytes > 0);
  return isSize ? undefined : 'The size of files is a number';
}

const words = (typed: string): string | null => (typed.trim() === '' ? null : typed.trim());

/** What the form says. */
export function optionsOf(values: OptionValues): Record<string, unknown> {
  const megabytes = numberIn(values.maxFileMegabytes);
  return {
    purpose: values.purpose,
    intervalMinutes: numberIn(values.intervalMinutes) ?? null,
    tags: values.tags,
    caseTemplate: words(values.caseTemplate),
    maxAgeDays: numberIn(values.maxAgeDays) ?? null,
    maxAttributes: numberIn(values.maxAttributes) ?? null,
    maxFileBytes: megabytes === undefined ? null : Math.round(megabytes * MEGABYTE),
    whitelist: { organisations: values.onlyOrganisations, tags: values.onlyTags },
    exclusion: { organisations: values.notOrganisations, tags: values.notTags },
    observablesAreSighted: values.observablesAreSighted,
    exportCaseTags: values.exportCaseTags,
    exportObservableTags: values.exportObservableTags,
    caseUrl: words(values.caseUrl),
  } satisfies MispOptions;
}
