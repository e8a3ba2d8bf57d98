/** About a minute in total: a restarting server is back long before. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * Loads a part of a page when it is shown. A failed load is repeated for about a minute, because a part that fails takes the whole page with
 * it; then the last failure is thrown.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return load();
}
