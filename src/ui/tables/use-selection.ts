import { useState } from 'react';

export type Selection = {
  readonly ids: ReadonlySet<string>;
  /** A press selects instead of opening: something is selected, or selecting was turned on. */
  readonly selecting: boolean;
  /** Selects all of them, or deselects them when all are selected. */
  toggle(ids: readonly string[]): void;
  add(ids: readonly string[]): void;
  begin(): void;
  clear(): void;
};

export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [begun, setBegun] = useState(false);
  return {
    ids,
    selecting: begun || ids.size > 0,
    toggle: (some) =>
      setIds((before) => {
        const all = some.every((id) => before.has(id));
        return all ? new Set([...before].filter((id) => !some.includes(id))) : new Set([...before, ...some]);
      }),
    add: (some) => setIds((before) => new Set([...before, ...some])),
    begin: () => setBegun(true),
    clear: () => {
      setBegun(false);
      setIds(new Set());
    },
  };
}
