/** Whether an incident had an impact: the words for the wire's values. */
export const IMPACTS = [
  { value: 'WithImpact', label: 'Yes' },
  { value: 'NoImpact', label: 'No' },
  { value: 'NotApplicable', label: 'Not applicable' },
] as const;

export const impactWords = (value: string): string =>
  IMPACTS.find((impact) => impact.value === value)?.label ?? value;
