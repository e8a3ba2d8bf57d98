import type { Person } from './people.ts';

/** The sort key of each column; figures and times are descending first. */
const BY = {
  Name: (one: Person) => one.name.toLowerCase(),
  Role: (one: Person) => one.role,
  State: (one: Person) => (one.enabled ? -one.tabs : 1),
  Jobs: (one: Person) => -one.jobs,
  'GPU min': (one: Person) => -one.gpuMs,
  Results: (one: Person) => -one.bytes,
  'Last seen': (one: Person) => (one.lastSeenAt === null ? 0 : -Date.parse(one.lastSeenAt)),
} as const satisfies Record<string, (one: Person) => string | number>;

export type SortKey = keyof typeof BY;
export type Sorting = { readonly by: SortKey; readonly turned: boolean };

/** A second press on the same column reverses the order. */
export const pressed = (now: Sorting, by: SortKey): Sorting => ({ by, turned: now.by === by && !now.turned });

export function sorted(people: readonly Person[], { by, turned }: Sorting): Person[] {
  const key = BY[by];
  const sign = turned ? -1 : 1;
  const compare = (a: string | number, b: string | number): number =>
    typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b);
  return [...people].sort((a, b) => sign * compare(key(a), key(b)) || a.name.localeCompare(b.name));
}
