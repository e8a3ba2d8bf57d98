import { useSyncExternalStore } from 'react';

let edited: string | null = null;
const listeners = new Set<() => void>();

function set(next: string | null): void {
  edited = next;
  for (const each of listeners) each();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Opens the dialog in which a new version of a job is made, from anywhere. */
export const editJob = (jobId: string): void => set(jobId);
export const closeEditor = (): void => set(null);

export const useEditedJob = (): string | null =>
  useSyncExternalStore(
    listen,
    () => edited,
    () => null,
  );
