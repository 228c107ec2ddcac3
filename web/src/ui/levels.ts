/** The fixed scales of cases and alerts: severity, TLP and PAP. */

export interface Severity {
  value: 1 | 2 | 3 | 4;
  name: 'low' | 'medium' | 'high' | 'critical';
  label: string;
  letter: string;
}

export const SEVERITIES: readonly [Severity, ...Severity[]] = [
  { value: 1, name: 'low', label: 'Low', letter: 'L' },
  { value: 2, name: 'medium', label: 'Medium', letter: 'M' },
  { value: 3, name: 'high', label: 'High', letter: 'H' },
  { value: 4, name: 'critical', label: 'Critical', letter: 'C' },
];

export interface Marking<V extends number = number> {
  value: V;
  name: 'clear' | 'green' | 'amber' | 'red';
  label: string;
}

export const TLPS: readonly Marking<0 | 1 | 2 | 3 | 4>[] = [
  { value: 0, name: 'clear', label: 'Clear' },
  { value: 1, name: 'green', label: 'Green' },
  { value: 2, name: 'amber', label: 'Amber' },
  { value: 3, name: 'amber', label: 'Amber+Strict' },
  { value: 4, name: 'red', label: 'Red' },
];

export const PAPS: readonly Marking<0 | 1 | 2 | 3>[] = [
  { value: 0, name: 'clear', label: 'Clear' },
  { value: 1, name: 'green', label: 'Green' },
  { value: 2, name: 'amber', label: 'Amber' },
  { value: 3, name: 'red', label: 'Red' },
];

export const severityOf = (value: number): Severity =>
  SEVERITIES.find((severity) => severity.value === value) ?? SEVERITIES[0];
