/** What its owner should know of a job that goes on, or has gone, all the same. Both ids are empty when it is about no node. */
export type Warning = { readonly nodeId: string; readonly classType: string; readonly message: string };

const MAX_WARNINGS = 20;

/** Each once, and at most so many that they can be read. */
export function withWarnings(had: readonly Warning[], more: readonly Warning[]): Warning[] {
  const all = [...new Map([...had, ...more].map((warning) => [JSON.stringify(warning), warning])).values()];
  if (all.length <= MAX_WARNINGS) return all;
  const left = all.slice(0, MAX_WARNINGS - 1);
  return [...left, { nodeId: '', classType: '', message: `And ${all.length - left.length} more of this kind.` }];
}
