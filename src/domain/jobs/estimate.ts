import { HELD_MS } from './phase.ts';
import { isSameModel } from './workload-fingerprint.ts';

/** Milliseconds. */
export type Range = { readonly lowMs: number; readonly highMs: number };

/** What was measured of one attempt that came as far as to start. */
export type StartSample = {
  readonly fingerprint: string | null;
  readonly sentAt: number;
  readonly answeredAt: number | null;
  readonly startedAt: number;
  readonly wholeAt: number | null;
};

/** With fewer there is no "usual". */
export const MIN_SAMPLES = 3;
const FEW_SAMPLES = 8;
/** Few samples have not shown how fast and how slow it can be. */
const WIDEN = 1.2;

/** What these times usually are: from the 20th to the 80th percentile; of few times all of them, and a little more. */
export function usual(times: readonly number[]): Range | null {
  if (times.length < MIN_SAMPLES) return null;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return times.length < FEW_SAMPLES
    ? { lowMs: at(0) / WIDEN, highMs: at(1) * WIDEN }
    : { lowMs: at(0.2), highMs: at(0.8) };
}

const runs = (samples: readonly StartSample[]): number[] =>
  samples.flatMap(({ startedAt, wholeAt }) => (wholeAt === null ? [] : [Math.max(0, wholeAt - startedAt)]));

/** How long this graph renders, where it has been rendered often enough: nobody is told what is usual for another one. */
export const usualRunOfLike = (measured: { readonly like: readonly StartSample[] }): Range | null =>
  usual(runs(measured.like));

/** How long such a graph renders, for a forecast of the queue: by those like it; with too few of them by those with its model, then by all that ran there. */
export function usualRun(
  measured: { readonly like: readonly StartSample[]; readonly recent: readonly StartSample[] },
  fingerprint: string | null,
): Range | null {
  const ofModel = measured.recent.filter(
    (sample) => fingerprint !== null && sample.fingerprint !== null && isSameModel(sample.fingerprint, fingerprint),
  );
  return usual(runs(measured.like)) ?? usual(runs(ofModel)) ?? usual(runs(measured.recent));
}

/** Its request was held for a replica to start. */
export const wasHeld = ({ sentAt, answeredAt }: Pick<StartSample, 'sentAt' | 'answeredAt'>): boolean =>
  answeredAt === null || answeredAt - sentAt >= HELD_MS;

/** From being sent to the first activity; `cold` when the request was held for a replica to start. */
export const usualStart = (recent: readonly StartSample[], cold: boolean): Range | null =>
  usual(
    recent.filter((sample) => wasHeld(sample) === cold).map(({ sentAt, startedAt }) => Math.max(0, startedAt - sentAt)),
  );

/** What is left of a time of which `elapsed` has gone by. What takes longer than usual is not over at once: the longer it does, the longer it may. */
export const leftOf = (wholeMs: number, elapsedMs: number): number =>
  Math.max(wholeMs - Math.max(0, elapsedMs), wholeMs / 10 + Math.max(0, elapsedMs - wholeMs) / 2);

const LONGER_SHARE = 1.5;
const LONGER_MS = 5000;

/** Clearly longer than usual: a fifth of what was measured took longer than the range itself, and of a short time a few seconds say nothing. */
export const isLongerThan = ({ highMs }: Range, elapsedMs: number): boolean =>
  elapsedMs > Math.max(highMs * LONGER_SHARE, highMs + LONGER_MS);
