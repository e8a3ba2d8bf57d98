/** Tells a trouble that has just come up from one that goes on, so that a look every second does not write a line every second. */
export function createLogOnce() {
  const known = new Map<string, string>();
  return {
    isNew(what: string, error: unknown): boolean {
      const words = error instanceof Error ? error.message : String(error);
      if (known.get(what) === words) return false;
      known.set(what, words);
      return true;
    },
    /** True where there was one. */
    isOver: (what: string): boolean => known.delete(what),
  };
}
