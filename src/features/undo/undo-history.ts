const MAX_STEPS = 100;
const steps: (() => void)[] = [];

/** Registers how to undo the latest action. Returns the handler of the Undo button; it or Ctrl+Z runs only once. */
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
