import { useSyncExternalStore } from 'react';

/** Running jobs of one person are few. */
const MAX = 20;
const latest = new Map<string, string>();
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

/** Keeps the newest preview picture of a job, as a `data:` address, until the job has left rendering. */
export function setLivePreview(jobId: string, url: string): void {
  latest.delete(jobId);
  latest.set(jobId, url);
  for (const oldest of [...latest.keys()].slice(0, -MAX)) latest.delete(oldest);
  changed();
}

export function clearLivePreview(jobId: string): void {
  if (latest.delete(jobId)) changed();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useLivePreview = (jobId: string): string | null =>
  useSyncExternalStore(
    subscribe,
    () => latest.get(jobId) ?? null,
    () => null,
  );
