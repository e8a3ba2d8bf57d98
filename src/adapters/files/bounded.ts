import type { Outcome } from '#src/domain/finding.ts';
import { systemCode } from './file-errors.ts';

/**
 * Waits for `work` for so long and no longer, or until `signal` gives up. The work itself cannot be stopped: on a share that hangs it keeps one of
 * Node's few threads for files until the share answers, so nothing that was silent should be asked again before it has answered.
 */
export function bounded<T>(work: Promise<T>, mostMs: number, signal?: AbortSignal): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome<T>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      resolve(outcome);
    };
    const giveUp = (): void => end({ type: 'silent' });
    const timer = setTimeout(giveUp, mostMs);
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted) giveUp();
    work.then(
      (value) => end({ type: 'got', value }),
      (error: unknown) => end({ type: 'failed', code: systemCode(error) ?? (error instanceof Error ? error.message : String(error)) }),
    );
  });
}
