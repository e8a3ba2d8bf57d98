import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
/** Keeps values for browsers without storage (private windows can deny it). */
const unkept = new Map<string, string>();

function listen(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

function read(key: string): string | null {
  try {
    return unkept.get(key) ?? window.localStorage.getItem(key);
  } catch {
    return unkept.get(key) ?? null;
  }
}

function write(key: string, text: string): void {
  try {
    window.localStorage.setItem(key, text);
  } catch {
    unkept.set(key, text);
  }
  for (const each of listeners) each();
}

/** Text that this browser remembers under `key`; `fallback` while there is none. */
export function useStored(key: string, fallback: string): [string, (text: string) => void] {
  const text = useSyncExternalStore(
    listen,
    () => read(key) ?? fallback,
    () => fallback,
  );
  const set = useCallback((next: string) => write(key, next), [key]);
  return [text, set];
}
