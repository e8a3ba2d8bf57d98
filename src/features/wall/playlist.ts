/** The order of results on the projector. `ids` are newest first. */
export type Turn = {
  readonly current: string | null;
  /** Its place in the list, in case it is removed. */
  readonly index: number;
  /** The known ones; any other has just arrived. */
  readonly known: ReadonlySet<string>;
};

export function begin(ids: readonly string[], at: string | null): Turn {
  const index = Math.max(0, at === null ? 0 : ids.indexOf(at));
  return { current: ids[index] ?? null, index, known: new Set(ids) };
}

const go = (ids: readonly string[], index: number, known: ReadonlySet<string>): Turn => {
  const place = ids.length === 0 ? 0 : (index + ids.length) % ids.length;
  return { current: ids[place] ?? null, index: place, known };
};

/** Arrivals first, in the order in which they came; then on from here to older ones, and around. */
export function next(ids: readonly string[], turn: Turn): Turn {
  const arrived = ids.findLastIndex((id) => !turn.known.has(id));
  if (arrived >= 0) {
    const id = ids[arrived];
    return go(ids, arrived, id === undefined ? turn.known : new Set([...turn.known, id]));
  }
  const here = turn.current === null ? -1 : ids.indexOf(turn.current);
  return go(ids, here < 0 ? turn.index : here + 1, turn.known);
}

export function previous(ids: readonly string[], turn: Turn): Turn {
  const here = turn.current === null ? -1 : ids.indexOf(turn.current);
  return go(ids, (here < 0 ? turn.index : here) - 1, turn.known);
}

/** After a change of the list: removed results leave at once, and on an empty wall the first arrival is shown at once. */
export function follow(ids: readonly string[], turn: Turn): Turn {
  if (turn.current !== null && ids.includes(turn.current)) return turn;
  return turn.current === null && ids.length === 0 ? turn : next(ids, turn);
}

const MIN_MS = 8000;
const MAX_MS = 90_000;

/** How long something is shown: a film whole, a short one repeatedly until there was time to see it. */
export function showingMs({ kind, duration }: { kind: string; duration: number | null }): number {
  if (kind !== 'video' || duration === null || duration <= 0) return MIN_MS;
  const once = duration * 1000;
  return Math.min(MAX_MS, Math.ceil(MIN_MS / once) * once);
}
