import pTimeout from 'p-timeout';
import type { CheckOutcome } from '#src/domain/health/finding.ts';
import { systemCode } from '../file-errors.ts';

/**
 * Waits for `work` for so long and no longer. The work itself cannot be stopped: on a share that hangs it keeps one of Node's few threads for files until
 * the share answers, so what was silent should not be asked again before it has answered.
 */
export const bounded = <T>(work: Promise<T>, maxMs: number): Promise<CheckOutcome<T>> =>
  pTimeout<CheckOutcome<T>>(
    work.then(
      (value) => ({ type: 'got', value }),
      (error: unknown) => ({
        type: 'failed',
        code: systemCode(error) ?? (error instanceof Error ? error.message : String(error)),
      }),
    ),
    { milliseconds: Math.max(1, maxMs), fallback: () => ({ type: 'silent' }) },
  );
