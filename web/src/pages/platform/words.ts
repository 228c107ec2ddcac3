/** The verdicts of the health check in words and in their order. */
import type { Finding, Verdict } from '../../api/types';

export const VERDICTS: Record<Verdict, string> = {
  ok: 'Ok',
  unknown: 'Unknown',
  warning: 'Warning',
  critical: 'Critical',
};

const WORST_FIRST: readonly Verdict[] = ['critical', 'warning', 'unknown', 'ok'];

/** What needs somebody first; alike ones stay in the order of the server. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
}

/** "1 critical, 2 to look at", or that all is well. */
export function summary(findings: readonly Finding[]): string {
  const words: [Verdict, string][] = [
    ['critical', 'critical'],
    ['warning', 'to look at'],
    ['unknown', 'not known'],
  ];
  const parts = words.flatMap(([verdict, word]) => {
    const count = findings.filter((finding) => finding.verdict === verdict).length;
    return count > 0 ? [`${String(count)} ${word}`] : [];
  });
  return parts.length > 0 ? parts.join(', ') : 'All is well';
}
