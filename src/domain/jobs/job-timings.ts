/** What one attempt's times are; all epoch milliseconds. */
type Times = {
  readonly sentAt: number;
  readonly answeredAt: number | null;
  readonly startedAt: number | null;
  readonly wholeAt: number | null;
  readonly endedAt: number | null;
};

export const STAGES = ['waiting', 'starting', 'rendering', 'delivering'] as const;
export type JobStage = (typeof STAGES)[number];
export type Span = {
  readonly stage: JobStage;
  readonly ms: number /** Of which attempt; 0 = none yet. */;
  readonly attempt: number;
};

/** Where a job's time went, without gaps from being asked for to its end or `now`. An attempt that was given up and came through all the same overlaps the next: its time ends where that begins. */
export function spansOf(
  job: { readonly createdAt: number; readonly endedAt: number | null },
  attempts: readonly Times[],
  now: number,
): Span[] {
  const end = job.endedAt ?? Math.max(now, job.createdAt);
  const spans: Span[] = [];
  let at = job.createdAt;
  const until = (stage: JobStage, time: number, attempt: number): void => {
    const to = Math.min(Math.max(time, at), end);
    if (to > at) spans.push({ stage, ms: to - at, attempt });
    at = to;
  };
  for (const [index, { sentAt, startedAt, wholeAt, endedAt }] of attempts.entries()) {
    const number = index + 1;
    const over = Math.min(endedAt ?? end, attempts[number]?.sentAt ?? end);
    until('waiting', sentAt, index);
    until('starting', Math.min(startedAt ?? wholeAt ?? over, over), number);
    until('rendering', Math.min(wholeAt ?? over, over), number);
    until('delivering', over, number);
  }
  until('waiting', end, attempts.length);
  return spans;
}
