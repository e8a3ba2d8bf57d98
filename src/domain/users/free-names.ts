import { nameKey } from './name-key.ts';

/** Leaves room for a number in the 60 characters of a name. */
const MAX_STEM = 56;

/** Names like these that nobody has: the second Anna is Anna 2. `taken`: keys of existing names. */
export function freeNames(names: readonly string[], taken: ReadonlySet<string>): string[] {
  const used = new Set(taken);
  return names.map((name) => {
    let free = name;
    for (let number = 2; used.has(nameKey(free)); number += 1) free = `${name.slice(0, MAX_STEM)} ${number}`;
    used.add(nameKey(free));
    return free;
  });
}
