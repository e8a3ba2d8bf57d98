import type { ResultView } from '#src/api/views.ts';

const MAX_RESULTS = 3000;
const AFTER_CLEARING = 2000;

/** Whole results by id: those near the screen, and some more. The rest is read again when it comes near. */
export function createResultStore(max = MAX_RESULTS, afterClearing = AFTER_CLEARING) {
  const pages = new Map<string, { readonly result: ResultView; readonly edition: number }>();
  const listeners = new Set<() => void>();
  let edition = 0;
  let version = 0;
  const notifyListeners = (): void => {
    version += 1;
    for (const each of listeners) each();
  };
  return {
    get: (id: string): ResultView | undefined => pages.get(id)?.result,
    put(results: readonly ResultView[]): void {
      if (results.length === 0) return;
      for (const result of results) {
        pages.delete(result.id);
        pages.set(result.id, { result, edition });
      }
      if (pages.size > max)
        for (const id of pages.keys()) {
          if (pages.size <= afterClearing) break;
          pages.delete(id);
        }
      notifyListeners();
    },
    /** Changes those of them that are here. */
    patch(ids: readonly string[], change: (result: ResultView) => ResultView): void {
      for (const id of ids) {
        const page = pages.get(id);
        if (page) pages.set(id, { ...page, result: change(page.result) });
      }
      notifyListeners();
    },
    /** Of these, those that must be read; the others are kept longer than results that are not asked for. */
    missing(ids: readonly string[]): string[] {
      return ids.filter((id) => {
        const page = pages.get(id);
        if (!page) return true;
        pages.delete(id);
        pages.set(id, page);
        return page.edition !== edition;
      });
    },
    /** Everything may have changed: it is still shown, and read again when it comes into view. */
    expire(): void {
      edition += 1;
      notifyListeners();
    },
    listen(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };
}
