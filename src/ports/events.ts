import type { FeedEvent } from '#src/domain/events/feed.ts';
import type { JobStatus } from '#src/domain/jobs/job.ts';
import type { LiveRun } from '#src/domain/jobs/live-run.ts';

/** Ids rise with time; a listener that knows its last one can be told what it missed. */
export type StoredEvent = FeedEvent & { readonly id: number; readonly userId: string };

export type Signal =
  | { readonly type: 'stored'; readonly event: StoredEvent }
  /** Nothing was stored, but what the owner is shown of this job has changed with time. */
  | { readonly type: 'phase.moved'; readonly userId: string; readonly jobId: string }
  /** An attempt of this job was sent once more. */
  | { readonly type: 'duplicate.sent'; readonly jobId: string }
  /** Duplicates of this job are not wanted any more. */
  | { readonly type: 'duplicates.withdrawn'; readonly jobId: string }
  /** A worker said how far this job is. */
  | { readonly type: 'run.moved'; readonly userId: string; readonly jobId: string; readonly run: LiveRun }
  /** What is shown of these results has changed; they may be gone or back. `wall`: on the class wall too. */
  | {
      readonly type: 'results.changed';
      readonly userId: string;
      readonly ids: readonly string[];
      readonly wall: boolean;
    }
  /** A job took a step. */
  | {
      readonly type: 'job.moved';
      readonly jobId: string;
      readonly userId: string;
      readonly to: JobStatus;
      /** It has just come. */
      readonly isNew: boolean;
      readonly now: number;
      readonly createdAt: number;
      readonly startedAt: number | null;
      readonly attemptCount: number;
    }
  /** For figures: a file is imported; `ageMs` is how long after it was last written to. */
  | { readonly type: 'file.delivered'; readonly bytes: number; readonly ageMs: number }
  | { readonly type: 'settings.changed' }
  | { readonly type: 'announcement.changed' }
  | { readonly type: 'workflows.changed' }
  | { readonly type: 'act.written' }
  | { readonly type: 'logs.written' }
  /** Somebody opened the first tab, or closed the last one. */
  | { readonly type: 'presence.changed' }
  | { readonly type: 'platform.changed' }
  | { readonly type: 'line.moved'; readonly positions: ReadonlyMap<string, ReadonlyMap<string, number>> }
  /** An operator impersonates somebody with this session, or has stopped. */
  | { readonly type: 'session.turned'; readonly sessionId: string }
  /** This person has no ComfyUI any more. */
  | { readonly type: 'comfyui.off'; readonly userId: string }
  /** `sessionId` null = all of the user's. */
  | {
      readonly type: 'sessions.ended';
      readonly userId: string;
      readonly sessionId: string | null;
      readonly keepSessionId: string | null;
    };

/** Announcements. Listeners must not throw; nobody waits for them. `from`: the process that announced it, null = this one. */
export interface Bus {
  announce(signal: Signal): void;
  listen(listener: (signal: Signal, from: string | null) => void): () => void;
}

export interface EventLog {
  newestId(): Promise<number>;
  /** Events after `afterId`, oldest first; `userId` null = everybody's. */
  since(query: { afterId: number; userId: string | null; limit: number }): Promise<StoredEvent[]>;
  /** How many those are, counted up to `limit`. */
  countSince(query: { afterId: number; userId: string | null; limit: number }): Promise<number>;
  oldestId(): Promise<number | null>;
  forgetBefore(time: number): Promise<number>;
}
