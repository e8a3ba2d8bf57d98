import { isRecord } from '../workflow/graph.ts';

/** What servers gather is two or three levels deep. */
const MAX_DEPTH = 6;

/** The JSON objects of several endpoints as one: where two say different things, the first is right. */
export function mergeGathered(first: unknown, second: unknown, depth = 0): unknown {
  if (!isRecord(first) || !isRecord(second) || depth >= MAX_DEPTH) return first;
  const added = Object.entries(second).filter(([key]) => !Object.hasOwn(first, key));
  const kept = Object.entries(first).map(([key, value]) => [
    key,
    Object.hasOwn(second, key) ? mergeGathered(value, second[key], depth + 1) : value,
  ]);
  return Object.fromEntries([...kept, ...added]);
}
