/** What its owner should know of a job that goes on, or has gone, anyway. Both ids are empty when it is about no node. */
export type Warning = { readonly nodeId: string; readonly classType: string; readonly message: string };

const MAX_WARNINGS = 20;

/** At most so many; the last one says how many are left out. */
export function shortened(warnings: readonly Warning[], max: number): readonly Warning[] {
  if (warnings.length <= max) return warnings;
  const left = warnings.slice(0, max - 1);
  return [...left, { nodeId: '', classType: '', message: `And ${warnings.length - left.length} more of this kind.` }];
}

/** Each once, and at most so many that they can be read. */
export const withWarnings = (had: readonly Warning[], more: readonly Warning[]): readonly Warning[] =>
  shortened(
    [...new Map([...had, ...more].map((warning) => [JSON.stringify(warning), warning])).values()],
    MAX_WARNINGS,
  );
