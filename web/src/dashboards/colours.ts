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
  stage: { New: '--stage-new', InProgress: '--stage-progress', Closed: '--stage-closed' },
};

/** The colour of a value: the one it has everywhere, else one of the wheel by its place. */
export function colourOf(field: string | undefined, value: string | undefined, index: number): string {
  const known = field === undefined || value === undefined ? undefined : MEANINGS[field]?.[value];
  return `var(${known ?? WHEEL[index % WHEEL.length] ?? WHEEL[0]})`;
}
