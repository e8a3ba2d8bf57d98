import { useSyncExternalStore } from 'react';
import type { InputKind } from '#src/domain/files/input-kinds.ts';

/** An upload that a workflow is to be run with. */
export type RunWith = { readonly inputName: string; readonly media: InputKind };

let given: RunWith | null = null;
const listeners = new Set<() => void>();

function set(next: RunWith | null): void {
  given = next;
  for (const each of listeners) each();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Opens the Run dialog of the work page with this upload. */
export const openRunWith = (next: RunWith): void => set(next);
export const closeRunWith = (): void => set(null);

export const useRunWith = (): RunWith | null =>
  useSyncExternalStore(
    listen,
    () => given,
    () => null,
  );
