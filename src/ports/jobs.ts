import type { NodeErrors } from '#src/domain/errors.ts';
import type { Allowance } from '#src/domain/jobs/allowance.ts';
import type { Sending } from '#src/domain/jobs/attempt.ts';
import type { JobStatus, Reason } from '#src/domain/jobs/job.ts';
import type { Node } from '#src/domain/jobs/live-run.ts';
import type { Try } from '#src/domain/jobs/loss.ts';
import type { Warning } from '#src/domain/warning.ts';
import type { GenerationMetadata } from '#src/domain/workflow/generation-parameters.ts';
import type { Plan } from '#src/domain/workflow/rewrite.ts';
import type { JobInput } from './inputs.ts';
import type { WaitingJobs } from './queue.ts';

/** All times are epoch milliseconds. */
export type Job = {
  readonly id: string;
  readonly userId: string;
  readonly title: string;
  readonly status: JobStatus;
  readonly reason: Reason | null;
  readonly message: string | null;
  readonly nodeErrors: NodeErrors | null;
  readonly priority: number;
  readonly attemptCount: number;
  readonly createdAt: number;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** See domain/jobs/workload-fingerprint.ts; null for jobs of earlier versions. */
  readonly fingerprint: string | null;
  /** The editor's own id of the workflow that it was made from. */
  readonly workflowId: string | null;
  /** How many files its graph writes, where that is certain. */
  readonly expectedFiles: number | null;
  /** Sent by us to have a GPU ready: nobody gets its files, and it is not tried again. */
  readonly warmUp: boolean;
  /** What was left out, or did not come back whole. */
  readonly warnings: readonly Warning[];
  /** The first of all its versions; itself where it is the first. */
  readonly familyId: string;
  /** What it changed of the job that it is a version of, in words; null = nothing, or it is none. */
  readonly changes: string | null;
  /** The beginning of its prompt; null where it has none, and for jobs of earlier versions. */
  readonly promptSnippet: string | null;
  /** The first picture among its owner's uploads that it loads; null once that is deleted. */
  readonly inputId: string | null;
  /** The endpoints that have rejected its graph when it was run before. */
  readonly rejectedBy: readonly string[];
};

/** Of a new job: what it is a version of. */
export type Version = { readonly madeFromId: string; readonly familyId: string; readonly changes: string | null };

export type Attempt = Sending & {
  readonly id: string;
  readonly jobId: string;
  readonly endpointId: string;
  readonly plan: Plan;
};

/**
 * An attempt whose folder is worth watching.
 * live        the job's present attempt
 * superseded  given up, but the job is still alive: whichever attempt finishes first gives the results
 * late        the job has ended; files that turn up now are still delivered
 * duplicate   sent beside the present attempt, which waits: it may start first
 * withdrawn   a duplicate that is to be dropped; its files are nobody's
 */
export type Watched = {
  readonly job: Job;
  readonly attempt: Attempt;
  readonly ownerFolder: string;
  readonly role: 'live' | 'superseded' | 'late' | 'duplicate' | 'withdrawn';
};

export type NewJob = {
  readonly id: string;
  readonly userId: string;
  readonly clientRequestId: string | null;
  readonly title: string;
  readonly prompt: string;
  readonly workflow: string | null;
  readonly fingerprint: string | null;
  readonly expectedFiles: number | null;
  readonly workflowId?: string | null;
  readonly warnings?: readonly Warning[];
  readonly promptSnippet?: string | null;
  readonly inputId?: string | null;
  readonly rejectedBy?: readonly string[];
  /** The uploads that it names, one for each name. */
  readonly inputs?: readonly JobInput[];
  /** Told to the worker beside the graph, as JSON: may hold secrets, keys of Comfy accounts sealed, and is kept only until the job ends. */
  readonly extraData?: string | null;
  /** What a program says of it, as JSON. */
  readonly metadata?: string | null;
  /** What its owner may have with it; left out for what nobody asked for. */
  readonly allowed?: Allowance;
  /** A warm-up: the only endpoint that it may go to. */
  readonly warmsUp?: string;
  readonly version?: Version | undefined;
  /** Of one that came by ComfyUI's own API. */
  readonly comfyui?: AsPrompt | undefined;
  readonly now: number;
};

/** What a program said of a prompt that it sent by ComfyUI's own API. Such jobs of one person are created at different times, as their numbers are. */
export type AsPrompt = {
  readonly promptId: string | null;
  readonly clientId: string | null;
  /** Before its owner's waiting jobs: it takes the place of the first, each of these that of the next. */
  readonly goesFirst: boolean;
};

export type GivenJob = Pick<NewJob, 'id' | 'userId' | 'title' | 'workflow' | 'now'> & {
  /** Null = nothing is known of how its files were made. */
  readonly prompt: string | null;
  readonly generations: readonly GenerationMetadata[];
};

type Step = { readonly jobId: string; readonly attemptId: string; readonly now: number };
type End = {
  readonly jobId: string;
  readonly reason: Reason;
  readonly message: string;
  readonly nodeErrors?: NodeErrors | null;
  readonly now: number;
};

/** How jobs come in. */
export interface JobIntake {
  /** Stores job and graph, or finds the job that the same `clientRequestId` made before. */
  add(job: NewJob): Promise<{ job: Job; isNew: boolean }>;
  /** One that has no attempt, and is completed: for files that an operator gives to somebody. */
  addGiven(job: GivenJob): Promise<void>;
}

/** What their owners and operators see of jobs. */
export interface JobReader {
  /** The job that this request made before. */
  ofRequest(userId: string, clientRequestId: string): Promise<Job | null>;
  find(jobId: string): Promise<Job | null>;
  /** Newest first. `userId` null = everybody's, warm-ups too. `cursor` is the one that the page before gave. */
  list(query: {
    userId: string | null;
    statuses: readonly JobStatus[] | null;
    workflowId?: string | undefined;
    /** Somewhere in the title. */
    words?: string | undefined;
    limit: number;
    cursor: string | null;
  }): Promise<{ items: Job[]; nextCursor: string | null }>;
  /** The newest of a job and all its versions, newest first. */
  family(familyId: string, limit: number): Promise<Job[]>;
  /** The nodes of its graph: their titles, or else their classes. */
  nodesOf(jobId: string): Promise<ReadonlyMap<string, Node>>;
  graph(jobId: string): Promise<{ prompt: string; workflow: string | null } | null>;
  /** What its worker is to be told beside the graph, as JSON; null = nothing, or the job has ended. */
  extraData(jobId: string): Promise<string | null>;
}

/** What waits, and how full the endpoints are. */
export interface JobQueue extends WaitingJobs {
  counts(): Promise<{ waiting: number; inFlight: number; inFlightByEndpoint: Map<string, number> }>;
  /** Warm-ups that wait or are on their way. */
  warmUps(): Promise<{ readonly jobId: string; readonly endpointId: string | null }[]>;
  /** By endpoint: how long its newest attempts took from being sent to their first activity, ms. */
  startTimes(): Promise<Map<string, number[]>>;
  /** `false` when the job is not waiting. Higher goes first. */
  setPriority(jobId: string, priority: number, now: number): Promise<boolean>;
}

/** What was sent, and what may still bring files. */
export interface AttemptReader {
  /** The newest attempt of each of these jobs. */
  newestAttempts(jobIds: readonly string[]): Promise<Map<string, Attempt>>;
  /** The same without the plan, which is large: for lists. */
  newestSendings(jobIds: readonly string[]): Promise<Map<string, Sending & { readonly endpointId: string }>>;
  /** The attempts of a job, oldest first. */
  tries(jobId: string): Promise<Try[]>;
  /** The attempts of these jobs that have ended, oldest first. */
  endedTries(jobIds: readonly string[]): Promise<Map<string, Try[]>>;
  /**
   * Attempts in flight, and those that ended after `since` and may still bring files. Of these, the many whose job has ended too are read only when they
   * ended after `lateSince`: nothing about them changes any more. `jobIds`: only those of these jobs. Duplicates are among them, and those that were
   * withdrawn after `withdrawnSince`.
   */
  watched(range: {
    since: number;
    lateSince?: number;
    withdrawnSince?: number;
    jobIds?: readonly string[] | undefined;
  }): Promise<Watched[]>;
  /** Those of these ids of attempts and duplicates that the database knows. */
  knownAttempts(attemptIds: readonly string[]): Promise<Set<string>>;
  /** Attempts that ended after `since` and may still be running all the same: nobody has heard of an end on a GPU. */
  leftRunning(since: number): Promise<Attempt[]>;
}

/**
 * The moves of the state machine (domain/jobs/job.ts). Each is one compare-and-set: `false`, or null, means that the job was not where it can be moved
 * from, and nothing was changed. What changed is published after it is safely stored.
 */
export interface JobMoves {
  /** queued → dispatched, with the new attempt; the owner counts as served now. `generations` are kept from the first attempt, `warnings` are added to those that it has. */
  dispatch(
    step: Step & {
      userId: string;
      endpointId: string;
      plan: Plan;
      generations: readonly GenerationMetadata[];
      warnings?: readonly Warning[];
      /** Something may be heard of its run. */
      isListened?: boolean;
    },
  ): Promise<Job | null>;
  /** dispatched → queued, as though it had never been sent: the worker did not take it. Not when the attempt has shown life, or has ended. */
  undoDispatch(step: Step): Promise<boolean>;
  /** What the worker's HTTP said, of an attempt or a duplicate. Changes no status. `plan` is what is left to expect. */
  answered(
    step: Step & {
      answer: 'accepted' | 'unknown';
      httpStatus: number | null;
      plan: Plan;
      nodeErrors: NodeErrors | null;
    },
  ): Promise<void>;
  /** After a restart nobody waits any more for answers that had not come: they are unknown. */
  forgetRequests(now: number): Promise<void>;
  /** dispatched → running */
  start(step: Step): Promise<boolean>;
  /** dispatched → running: this duplicate is the attempt from now on, and what was the attempt is withdrawn like all its other duplicates. */
  startDuplicate(step: Step): Promise<boolean>;
  /** Something was heard of this attempt's run. Changes no status. */
  heard(attemptId: string): Promise<void>;
  /** queued | dispatched | running → delivering: this attempt gives the results, also when it had been given up; any other one is superseded. */
  markDelivering(step: Step): Promise<boolean>;
  /** delivering → completed, or both in one step where that can be: this attempt gives the results, also when it had been given up. Not before the result `needs` is recorded, which may be in the same transaction. `warnings` are added to those that it has. */
  complete(step: Step & { warnings: readonly Warning[]; needs?: string | undefined }): Promise<boolean>;
  /** dispatched | running → queued: the attempt is given up, the job keeps its place at the front of its owner's line. */
  giveBack(step: Step & { reason: Reason; detail: string }): Promise<boolean>;
  /** `detail` is for the operator, and so is what the worker's HTTP said, where it was that. */
  fail(end: End & { attemptId: string | null; detail?: string; httpStatus?: number }): Promise<boolean>;
  /** Tells why an alive job does not get on. Changes no status; ends with the job. */
  stall(stall: { jobId: string; reason: Reason; message: string; now: number }): Promise<void>;
  /** `message`: what its owner is told, where there is more to tell. */
  cancel(end: { jobId: string; message?: string; now: number }): Promise<boolean>;
}

/** All of it, for who puts the product together; everybody else asks for the part that is used. */
export type JobStore = JobIntake & JobReader & JobQueue & AttemptReader & JobMoves;
