import { useRef } from 'react';

/** Choosing rows by their boxes: with Shift, all rows since the previous press get the same state. `ids`: the rows in their order. */
export function useRowChoice(
  ids: readonly string[],
  chosen: ReadonlySet<string>,
  onChoose: (ids: ReadonlySet<string>) => void,
) {
  const last = useRef<string | null>(null);
  const all = ids.length > 0 && ids.every((id) => chosen.has(id));
  return {
    all,
    chooseAll: (): void => onChoose(all ? new Set() : new Set(ids)),
    choose: (id: string, on: boolean, upToHere: boolean): void => {
      const [here, before] = [ids.indexOf(id), last.current === null ? -1 : ids.indexOf(last.current)];
      const some = upToHere && before >= 0 ? ids.slice(Math.min(here, before), Math.max(here, before) + 1) : [id];
      last.current = id;
      onChoose(on ? new Set([...chosen, ...some]) : new Set([...chosen].filter((one) => !some.includes(one))));
    },
  };
}
