const MAX = 100;
const deeds: (() => void)[] = [];

/** Remembers how to undo what was just done. Gives what the Undo button does; either that or Ctrl+Z, but once. */
export function withUndo(undo: () => void): () => void {
  const act = (): void => {
    const at = deeds.indexOf(act);
    if (at < 0) return;
    deeds.splice(at, 1);
    undo();
  };
  deeds.push(act);
  if (deeds.length > MAX) deeds.shift();
  return act;
}

/** Undoes what was done last. */
export function undoLast(): void {
  deeds.at(-1)?.();
}
