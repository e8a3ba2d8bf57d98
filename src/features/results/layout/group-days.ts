import { groupBy } from '#src/domain/group-by.ts';
import { dayOf } from '#src/ui/time/days.ts';
import type { Entry, EntryPage } from '../cache/entries.ts';

export type Day = { readonly key: string; readonly entries: readonly Entry[] };

type Group = { readonly key: string; entries: Entry[] };

const groupsOf = (page: EntryPage): readonly Group[] => {
  const groups: Group[] = [];
  for (const entry of page.entries) {
    const key = dayOf(entry.at);
    const last = groups.at(-1);
    if (last?.key === key) last.entries.push(entry);
    else groups.push({ key, entries: [entry] });
  }
  return groups;
};

/** Groups pages by day. An unchanged day stays the same object, so that it needs no new layout. */
export function dayGrouping(): (pages: readonly EntryPage[]) => readonly Day[] {
  const ofPage = new WeakMap<EntryPage, readonly Group[]>();
  let days = new Map<string, { groups: Group[]; day: Day }>();
  return (pages) => {
    const groups = groupBy(
      pages.flatMap((page) => {
        const known = ofPage.get(page) ?? groupsOf(page);
        ofPage.set(page, known);
        return known;
      }),
      ({ key }) => key,
    );
    const before = days;
    days = new Map();
    for (const [key, parts] of groups) {
      const known = before.get(key);
      const same = known?.groups.length === parts.length && known.groups.every((group, i) => group === parts[i]);
      days.set(
        key,
        known && same ? known : { groups: parts, day: { key, entries: parts.flatMap(({ entries }) => entries) } },
      );
    }
    return [...days.values()].map(({ day }) => day);
  };
}
