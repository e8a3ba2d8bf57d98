import type { Outcome } from '#src/domain/health/finding.ts';
import { systemCode } from '../file-errors.ts';

/**
 * Waits for `work` for so long and no longer. The work itself cannot be stopped: on a share that hangs it keeps one of Node's few threads for files until
 * the share answers, so what was silent should not be asked again before it has answered.
 */
export function bounded<T>(work: Promise<T>, maxMs: number): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ type: 'silent' }), maxMs);
    const end = (outcome: Outcome<T>): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    work.then(
      (value) => end({ type: 'got', value }),
      (error: unknown) =>
        end({ type: 'failed', code: systemCode(error) ?? (error instanceof Error ? error.message : String(error)) }),
    );
  });
}
