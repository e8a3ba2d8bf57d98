import { useEffect, useRef } from 'react';
import { type Gallery, useStoreVersion } from './gallery.ts';

/** During fast scrolling, what flies past is not read. */
const SETTLE_MS = 120;
const AGAIN_MS = 5000;

/** Loads the results that are unknown or may have changed. */
export function useMissing(gallery: Gallery, ids: readonly string[]): void {
  const version = useStoreVersion(gallery);
  const wanted = ids.join(' ');
  const tried = useRef(new Map<string, number>());

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is missing changes with the store
  useEffect(() => {
    const read = (): void => {
      const now = Date.now();
      const missing = gallery.store
        .missing(wanted === '' ? [] : wanted.split(' '))
        .filter((id) => now - (tried.current.get(id) ?? 0) > AGAIN_MS);
      if (missing.length === 0) return;
      for (const id of missing) tried.current.set(id, now);
      if (tried.current.size > 5000) tried.current.clear();
      gallery.reread(missing).catch(() => undefined);
    };
    const timer = setTimeout(read, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [gallery, wanted, version]);
}
