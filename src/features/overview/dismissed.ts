import type { ClassFinding } from '#src/domain/health/class-findings.ts';

/** What stays the same of a finding while its figures change. One that becomes urgent is another. */
export const findingKey = ({ code, urgent, help }: ClassFinding): string => `${code} ${urgent} ${JSON.stringify(help)}`;

/** Which findings are shown, and which dismissed ones there still are: one that ends and happens again is shown again. */
export function sortOut(
  findings: readonly ClassFinding[],
  dismissed: readonly string[],
): { shown: ClassFinding[]; hidden: ClassFinding[] } {
  const keys = new Set(dismissed);
  return {
    shown: findings.filter((finding) => !keys.has(findingKey(finding))),
    hidden: findings.filter((finding) => keys.has(findingKey(finding))),
  };
}
