import { useSearchParams } from 'next/navigation';
import { useMemo, useSyncExternalStore } from 'react';

const heard = new Set<() => void>();

function subscribe(hear: () => void): () => void {
  heard.add(hear);
  window.addEventListener('popstate', hear);
  return () => {
    heard.delete(hear);
    window.removeEventListener('popstate', hear);
  };
}

/**
 * What stands behind the `?` of the address, at once: for what is gone through by keys. Next hands on what changes there only when nothing else is to be
 * rendered, so a key pressed right after another would still mean the result before. Filters are left to Next: they change at the press of a link, which
 * must still be there for its click.
 */
export function useAddressQuery(): URLSearchParams {
  const atFirst = useSearchParams().toString();
  const search = useSyncExternalStore(
    subscribe,
    () => window.location.search,
    () => atFirst,
  );
  return useMemo(() => new URLSearchParams(search), [search]);
}

/** Changes the address of this page; `push` adds a history entry. */
export function changeAddress(address: string, way: 'push' | 'replace'): void {
  if (way === 'push') window.history.pushState(null, '', address);
  else window.history.replaceState(null, '', address);
  for (const hear of [...heard]) hear();
}
