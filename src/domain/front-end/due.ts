import type { Life } from '../endpoints/warm-up.ts';

export type CaptureTimings = {
  /** How often at most an endpoint is asked whether its page is still the same. */
  readonly checkEveryMs: number;
  /** Node packs may change without a version: then all is read again. */
  readonly captureEveryMs: number;
};

/** So soon after a job its GPU is still there. */
const STILL_THERE_MS = 60_000;

/** What may be asked of an endpoint without starting a GPU: something only while a job runs there that was seen to start, or has just ended. */
export function captureStep(
  { lives, checkedAt, capturedAt }: { lives: readonly Life[]; checkedAt: number | null; capturedAt: number | null },
  now: number,
  { checkEveryMs, captureEveryMs }: CaptureTimings,
): 'nothing' | 'compare' | 'capture' {
  const isUp = lives.some(
    ({ startedAt, endedAt }) => startedAt !== null && (endedAt === null || now - endedAt < STILL_THERE_MS),
  );
  if (!isUp || now - (checkedAt ?? 0) < checkEveryMs) return 'nothing';
  return capturedAt === null || now - capturedAt >= captureEveryMs ? 'capture' : 'compare';
}
