import { useSyncExternalStore } from 'react';
import type { toQuery } from '../filters/filter.ts';

/** What can be downloaded: the selection, the filtered results (null without a filter), or everything. */
export type DownloadScope = {
  readonly selected: readonly { readonly id: string; readonly bytes: number }[];
  readonly filter: ReturnType<typeof toQuery> | null;
};

let scope: DownloadScope | null = null;
const listeners = new Set<() => void>();

function set(next: DownloadScope | null): void {
  scope = next;
  for (const each of listeners) each();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Opens the dialog from anywhere. */
export const openDownloadDialog = (next: DownloadScope): void => set(next);
export const closeDownloadDialog = (): void => set(null);

export const useDownloadScope = (): DownloadScope | null =>
  useSyncExternalStore(
    listen,
    () => scope,
    () => null,
  );
