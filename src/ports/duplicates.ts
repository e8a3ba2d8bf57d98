import type { Flight } from '#src/domain/endpoints/balancing.ts';
import type { Plan } from '#src/domain/workflow/rewrite.ts';

export type Duplicate = { readonly id: string; readonly jobId: string; readonly endpointId: string };

/** What sending again has cost an endpoint. */
export type DuplicateFigures = {
  readonly sent: number;
  /** For so long withdrawn ones ran all the same, ms. */
  readonly wastedMs: number;
};

/**
 * Sendings of attempts beside the one that is the attempt. Whichever starts first is the attempt from then on (JobMoves.startDuplicate); the others are
 * withdrawn as soon as their job moves. All times are epoch ms.
 */
export interface DuplicateStore {
  /** Attempts whose run is not over. */
  flights(): Promise<Flight[]>;
  /** `false` when the attempt does not wait any more. `replaces`: withdrawn for it. */
  add(duplicate: Duplicate & { attemptId: string; plan: Plan; replaces: string | null; now: number }): Promise<boolean>;
  /** A worker did not take it, or it is not wanted any more. */
  withdraw(id: string, now: number): Promise<void>;
  /** Those withdrawn since then. */
  withdrawn(since: number): Promise<Duplicate[]>;
  /** It runs although it is withdrawn, and until when. */
  startedLate(id: string, now: number): Promise<void>;
  stopped(id: string, now: number): Promise<void>;
  /** Of one job. */
  ofJob(jobId: string, now: number): Promise<DuplicateFigures>;
  /** By endpoint, of those sent since then. */
  figures(since: number, now: number): Promise<Map<string, DuplicateFigures>>;
}
