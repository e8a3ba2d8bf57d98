const MAX_STEPS = 100;
const steps: (() => void)[] = [];

/** Remembers how to undo what was just done. Gives what the Undo button does; either that or Ctrl+Z, but once. */
export function withUndo(undo: () => void): () => void {
  const act = (): void => {
    const at = steps.indexOf(act);
    if (at < 0) return;
    steps.splice(at, 1);
    undo();
  };
  steps.push(act);
  if (steps.length > MAX_STEPS) steps.shift();
  return act;
}

/** Undoes what was done last. */
export function undoLast(): void {
  steps.at(-1)?.();
}
