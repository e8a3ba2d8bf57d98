import type { Range, Sample } from '#src/domain/jobs/estimate.ts';
import type { Phase } from '#src/domain/jobs/phase.ts';

/** All times are epoch milliseconds. */
export type Flying = {
  readonly userId: string;
  readonly endpointId: string;
  readonly fingerprint: string | null;
  readonly sentAt: number;
  readonly startedAt: number | null;
};

export type Measured = Sample & { readonly id: string; readonly endpointId: string; readonly endedAt: number | null };

/** What was measured, as the database has it. */
export interface Measurements {
  /** Attempts at this endpoint that did start, newest first. */
  recent(endpointId: string, limit: number): Promise<Measured[]>;
  /** Of these, those of one fingerprint. */
  like(endpointId: string, fingerprint: string, limit: number): Promise<Measured[]>;
  /** All that have ended at `since` or later, oldest first. */
  ended(since: number): Promise<Measured[]>;
  /** Attempts in flight. */
  flying(): Promise<Flying[]>;
  /** The fingerprints of the jobs that wait. */
  waiting(): Promise<Map<string, string | null>>;
}

export type InPhase = {
  readonly jobId: string;
  readonly phase: Phase;
  readonly since: number;
  readonly fingerprint: string | null;
  /** Of its newest attempt. */
  readonly endpointId: string | null;
};

export interface Estimates {
  /** How long the present phases of these jobs last in all, from their beginning. Those of which too little is known are left out. */
  of(jobs: readonly InPhase[]): Promise<Map<string, Range>>;
  /** How long it will be until what is on GPUs is done, and until the line is empty too; null where nobody knows. */
  left(): Promise<{ readonly onGpus: Range | null; readonly all: Range | null }>;
}
