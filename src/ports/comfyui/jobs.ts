import type { Told } from '#src/domain/comfyui-messages/tell-all.ts';
import type { JobStatus } from '#src/domain/jobs/job.ts';
import type { Job } from '../jobs.ts';

/** A job as programs know it that speak ComfyUI's own API. */
export type ComfyuiJob = {
  readonly job: Job;
  /** What the program called it; its own id where it has no other. */
  readonly promptId: string;
  readonly clientId: string | null;
  /** To the socket that it belongs to. */
  readonly told: Told;
  /** Its owner took it out of the history. */
  readonly isHidden: boolean;
};

export type PromptGraphs = { readonly prompt: string; readonly workflow: string | null };

/** Without those that their owner took out of the history, and those that were cancelled before they ran: ComfyUI forgets them too. */
export type PromptFilter = {
  readonly userId: string;
  readonly statuses: readonly JobStatus[];
  readonly workflowId?: string | undefined;
};

/** What ComfyUI's API asks of one person's jobs. Warm-ups are nobody's. */
export interface ComfyuiJobs {
  find(userId: string, promptId: string): Promise<ComfyuiJob | null>;
  /** Those that wait or are on their way, in their owner's order. */
  alive(userId: string): Promise<ComfyuiJob[]>;
  countAlive(userId: string): Promise<number>;
  /** `after`: the cursor that the page before gave; else `offset`. */
  list(
    query: PromptFilter & {
      sort: 'created' | 'ended';
      order: 'desc' | 'asc';
      limit: number;
      offset: number;
      after: string | null;
    },
  ): Promise<{ items: ComfyuiJob[]; nextCursor: string | null }>;
  count(filter: PromptFilter): Promise<number>;
  /** By job. */
  graphs(jobIds: readonly string[]): Promise<Map<string, PromptGraphs>>;
  /** The newest jobs of these sockets of whose end these were not told, oldest first; not those that ended before `endedSince`. */
  untold(query: {
    userId: string;
    clientIds: readonly string[];
    endedSince: number;
    limit: number;
  }): Promise<ComfyuiJob[]>;
  setTold(jobId: string, told: Told): Promise<void>;
  /** Takes these out of the history, or all (null) that have ended. */
  hide(userId: string, promptIds: readonly string[] | null): Promise<void>;
}

/** Answers that are asked for again and again, kept until something of that person's jobs or results has changed. */
export interface ComfyuiAnswers {
  of(userId: string, key: string, make: () => Promise<string>): Promise<string>;
  /** Something has changed that no event tells of. */
  forget(userId: string): void;
}
