import { type Failure, missesForLost, probeIsDue } from '#src/domain/probe.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Worker } from '#src/ports/worker.ts';
import type { Pace } from './pace.ts';

export type PulseDeps = { worker: Worker; endpoints: EndpointStore; clock: Clock; log: Log; pace: Pace };

export type Finding =
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'lost'; readonly detail: string };

/**
 * Asks through the balancer, now and then, what became of an attempt that shows no sign of life. Best effort: each question reaches one replica at random.
 * `onFinding` is called when a question brought something.
 */
export function takePulse(deps: PulseDeps, attempt: { id: string; endpointId: string }, onFinding: () => void) {
  const abort = new AbortController();
  let lastProbeAt: number | null = null;
  let asking = false;
  let misses = 0;
  let aliveAt: number | null = null;
  let hasEnded = false;
  let finding: Finding | null = null;

  async function ask(): Promise<void> {
    const endpoint = await deps.endpoints.find(attempt.endpointId);
    if (!endpoint) return;
    const probe = await deps.worker.probe(endpoint, attempt.id, abort.signal);
    if (probe === null) return;
    if (probe.type !== 'nothing') misses = 0;
    switch (probe.type) {
      case 'nothing':
        misses += 1;
        if (misses >= missesForLost(endpoint.capacity, deps.pace.probe.chance))
          finding = { type: 'lost', detail: `no replica knows of it, asked ${misses} times` };
        break;
      case 'alive':
        aliveAt = deps.clock.now();
        break;
      case 'interrupted':
        finding = { type: 'lost', detail: 'it was interrupted on the worker' };
        break;
      case 'failed':
        finding = { type: 'failed', failure: probe.failure };
        break;
      case 'ended':
        hasEnded = true;
        break;
    }
    if (finding) onFinding();
  }

  return {
    /** When a replica last said that it has it (epoch ms). */
    aliveAt: () => aliveAt,
    /** A replica has said that it ran to its end there. */
    hasEnded: () => hasEnded,
    finding: () => finding,
    /** Asks, if it is time to. Returns at once. */
    check(stillSince: number): void {
      const now = deps.clock.now();
      if (
        asking ||
        finding !== null ||
        abort.signal.aborted ||
        !probeIsDue({ stillSince: Math.max(stillSince, aliveAt ?? 0), lastProbeAt }, now, deps.pace.probe)
      )
        return;
      asking = true;
      lastProbeAt = now;
      ask()
        .catch((error: unknown) => {
          if (!abort.signal.aborted) deps.log.warn({ err: error, attempt: attempt.id }, 'a probe failed');
        })
        .finally(() => {
          asking = false;
        });
    },
    close: () => abort.abort(),
  };
}
