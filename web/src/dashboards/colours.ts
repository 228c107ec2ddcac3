/** The colours of charts: neighbours differ in lightness too, for those who see few colours. */
const WHEEL = [
  '--chart-1',
  '--chart-2',
  '--chart-3',
  '--chart-4',
  '--chart-5',
  '--chart-6',
  '--chart-7',
  '--chart-8',
] as const;

const MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  severity: {
    '1': '--severity-low',
    '2': '--severity-medium',
    '3': '--severity-high',
    '4': '--severity-critical',
  },
  status: { New: '--stage-new', InProgress: '--stage-progress' },
  stage: { New: '--stage-new', InProgress: '--stage-progress', Closed: '--stage-closed' },
};

/** Where blue and violet say New and In progress. */
const BESIDE_STAGES = WHEEL.filter((colour) => colour !== '--chart-1' && colour !== '--chart-4');

/** The colour of a value: the one it has everywhere, else one of the wheel by its place. */
export function colourOf(field: string | undefined, value: string | undefined, index: number): string {
  const known = field === undefined || value === undefined ? undefined : MEANINGS[field]?.[value];
  const wheel = field === 'status' ? BESIDE_STAGES : WHEEL;
  return `var(${known ?? wheel[index % wheel.length] ?? WHEEL[0]})`;
}
