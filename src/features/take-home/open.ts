import { useSyncExternalStore } from 'react';
import type { toQuery } from '../results/filter.ts';

/** What may be downloaded: what is selected, what is found (null when nothing is narrowed down), or everything. */
export type Offer = {
  readonly selected: readonly { readonly id: string; readonly bytes: number }[];
  readonly filter: ReturnType<typeof toQuery> | null;
};

let offer: Offer | null = null;
const listeners = new Set<() => void>();

function set(next: Offer | null): void {
  offer = next;
  for (const each of listeners) each();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Opens the dialog, from wherever. */
export const openTakeHome = (next: Offer): void => set(next);
export const closeTakeHome = (): void => set(null);

export const useOffer = (): Offer | null =>
  useSyncExternalStore(
    listen,
    () => offer,
    () => null,
  );
