import type { LivePreviews, Preview } from '#src/ports/live-runs.ts';
import type { Clock } from '#src/ports/random.ts';

/** Of one person on all their screens: the next picture waits until those before it have been paid for. */
const BYTES_PER_SECOND = 100_000;
/** As text in a message they are longer. */
const BASE64 = 4 / 3;
/** What a connection has not taken yet is looked at again after this time. */
const UNREAD_MS = 250;

type Watcher = { newest: Preview | null; wake(): void };

export function createLivePreviews({ clock }: { clock: Clock }): LivePreviews {
  const watchers = new Map<string, Set<Watcher>>();
  const paidUntil = new Map<string, number>();

  /** How long this person's next picture has to wait (ms). */
  function waitOf(viewer: { readonly userId: string; unreadBytes(): number }): number {
    const unpaid = (paidUntil.get(viewer.userId) ?? 0) - clock.now();
    if (unpaid > 0) return unpaid;
    paidUntil.delete(viewer.userId);
    return viewer.unreadBytes() > 0 ? UNREAD_MS : 0;
  }

  return {
    show(jobId, preview) {
      for (const watcher of watchers.get(jobId) ?? []) {
        watcher.newest = preview;
        watcher.wake();
      }
    },

    async *watch(viewer, jobId, signal) {
      const watcher: Watcher = { newest: null, wake: () => undefined };
      const ofJob = watchers.get(jobId) ?? new Set();
      watchers.set(jobId, ofJob.add(watcher));
      const onAbort = () => watcher.wake();
      signal.addEventListener('abort', onAbort);
      try {
        while (!signal.aborted) {
          const preview = watcher.newest;
          const wait = waitOf(viewer);
          if (preview && wait === 0) {
            watcher.newest = null;
            paidUntil.set(viewer.userId, clock.now() + (1000 * BASE64 * preview.bytes.length) / BYTES_PER_SECOND);
            yield preview;
            continue;
          }
          let timer: NodeJS.Timeout | undefined;
          await new Promise<void>((resolve) => {
            watcher.wake = resolve;
            if (preview) timer = setTimeout(resolve, wait);
          });
          clearTimeout(timer);
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        ofJob.delete(watcher);
        if (ofJob.size === 0) watchers.delete(jobId);
      }
    },
  };
}
