import type { Range, StartSample } from '#src/domain/jobs/estimate.ts';
import type { JobStatus, Reason } from '#src/domain/jobs/job.ts';
import type { Phase } from '#src/domain/jobs/phase.ts';
import type { ClassFacts } from '#src/domain/statistics/class-facts.ts';

/** What the figures of a class rest on, as the database has it. */
export interface ClassReading {
  /** Jobs and attempts that are alive or have ended since then. */
  since(time: number): Promise<ClassFacts>;
  /** What an hour of a GPU costs there, by endpoint; null = nobody has said. */
  prices(): Promise<ReadonlyMap<string, number | null>>;
}

/** The same, read seldom enough that looking at it costs little. */
export interface LastDay {
  read(): Promise<ClassFacts & { readonly prices: ReadonlyMap<string, number | null> }>;
}

/** All times are epoch milliseconds. */
export type Flying = {
  readonly userId: string;
  readonly endpointId: string;
  readonly fingerprint: string | null;
  readonly sentAt: number;
  readonly startedAt: number | null;
};

export type Measured = StartSample & {
  readonly id: string;
  readonly endpointId: string;
  readonly endedAt: number | null;
};

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

/** How much there is of what, over everything that is stored. */
export interface JobStatistics {
  jobs(): Promise<{ byStatus: ReadonlyMap<JobStatus, number>; failedByReason: ReadonlyMap<Reason, number> }>;
  /** Attempts that have ended: `completed`, `superseded`, `cancelled` or the reason. */
  attempts(): Promise<ReadonlyMap<string, number>>;
}
