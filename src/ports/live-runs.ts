import type { LiveRun } from '#src/domain/jobs/live-run.ts';
import type { PreviewPicture, RunMessage } from './worker.ts';

/** The last that was heard of the runs of jobs; kept only while they run. */
export interface LiveRuns {
  take(job: { readonly id: string; readonly userId: string }, message: Exclude<RunMessage, { type: 'ended' }>): void;
  of(jobId: string): LiveRun | null;
  end(jobId: string): void;
}

/** A preview picture of what is being rendered, and the node that renders it. */
export type Preview = PreviewPicture & { readonly nodeId: string };

/** Preview pictures go to whoever looks at that job just now, and are kept nowhere. */
export interface LivePreviews {
  show(jobId: string, preview: Preview): void;
  /**
   * The newest picture of a job, each time that there is another, as long as this person's share of bytes allows it and `unreadBytes` of the connection is
   * 0: a slow line gets fewer of them, never old ones.
   */
  watch(
    viewer: { readonly userId: string; unreadBytes(): number },
    jobId: string,
    signal: AbortSignal,
  ): AsyncGenerator<Preview>;
}
