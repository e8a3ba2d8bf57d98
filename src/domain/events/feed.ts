import type { LiveRun } from '../jobs/live-run.ts';

/** What the owner (and operators) hear. Events carry ids; clients read the rest. */
export type FeedEvent =
  | { readonly type: 'job.updated'; readonly jobId: string }
  | { readonly type: 'result.added'; readonly jobId: string; readonly resultId: string };

/** Sent to one listener only and never stored. */
export type FeedNotice =
  /** The feed is live from here on. `missed` says that events older than what is kept were asked for: read everything again. */
  | { readonly type: 'feed.ready'; readonly missed: boolean }
  /** What is shown of this job has changed with time alone: read it again. */
  | { readonly type: 'phase.moved'; readonly jobId: string }
  /** How far this job is, as its worker says. Only the last one matters. */
  | { readonly type: 'run.moved'; readonly jobId: string; readonly run: LiveRun }
  /** Marks of the listener's own results have changed, or they were moved to the trash or restored: read them again. */
  | { readonly type: 'results.changed'; readonly jobId: null; readonly resultIds: readonly string[] }
  /** Something was hung on the class wall, or taken down. */
  | { readonly type: 'wall.changed'; readonly jobId: null }
  /** The queue was paused or goes on, or there are other GPUs: read again what the line is like. */
  | { readonly type: 'line.changed'; readonly jobId: null }
  /** What the operator tells everybody has changed. */
  | { readonly type: 'announcement.changed'; readonly jobId: null }
  /** The workflows that operators offer are others now. */
  | { readonly type: 'workflows.changed'; readonly jobId: null }
  /** For operators: something was done, and logged. */
  | { readonly type: 'acts.changed'; readonly jobId: null }
  /** For operators: somebody's browser has reported errors. */
  | { readonly type: 'logs.changed'; readonly jobId: null }
  /** For operators: somebody came, or went. */
  | { readonly type: 'presence.changed'; readonly jobId: null }
  /** For operators: the GPU platform shows another picture. */
  | { readonly type: 'platform.changed'; readonly jobId: null }
  /** New positions in the queue of the listener's own waiting jobs, 1 = next. */
  | { readonly type: 'queue.moved'; readonly jobId: null; readonly positions: Readonly<Record<string, number>> };
