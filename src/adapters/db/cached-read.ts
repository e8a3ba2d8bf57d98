/** Reads once until it is told to forget: nobody else writes to this database. A failed read is not kept. */
export function cachedRead<T>(readNow: () => Promise<T>) {
  let known: Promise<T> | null = null;
  const forget = (): void => {
    known = null;
  };
  return {
    read() {
      known ??= readNow().catch((error: unknown) => {
        forget();
        throw error;
      });
      return known;
    },
    forget,
  };
}
