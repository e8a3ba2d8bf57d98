import type { EndpointAnswer } from '#src/domain/endpoints/endpoint-test.ts';
import type { NodeErrors } from '#src/domain/errors.ts';
import type { RunEnd, RunReport } from '#src/domain/jobs/run-report.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import type { Endpoint, NewEndpoint } from './endpoints.ts';
import type { Attempt } from './jobs.ts';

/** What came of one POST /prompt. */
export type Answer =
  | { readonly type: 'accepted'; readonly httpStatus: number; readonly nodeErrors: NodeErrors }
  | { readonly type: 'refused'; readonly httpStatus: number; readonly message: string; readonly nodeErrors: NodeErrors }
  /** Surely not taken, and nothing has failed: whoever answered has too much to do. */
  | {
      readonly type: 'busy';
      readonly httpStatus: number;
      /** As it stands in the header. */
      readonly retryAfter: string | null;
      readonly message: string;
    }
  /** Surely not taken: no connection was made, or something else than ComfyUI answered. */
  | { readonly type: 'unreachable'; readonly httpStatus: number | null; readonly message: string }
  /** The worker may well run it. */
  | { readonly type: 'unknown'; readonly httpStatus: number | null; readonly message: string };

export type Prompt = {
  readonly promptId: string;
  readonly prompt: Graph;
  readonly extraPnginfo: Readonly<Record<string, unknown>>;
  /** What else the worker is told; it may hold secrets. */
  readonly extraData?: Readonly<Record<string, unknown>>;
};

/** A ComfyUI behind a balancer: every call may reach another replica. */
export interface Worker {
  fire(endpoint: Endpoint, prompt: Prompt, signal: AbortSignal): Promise<Answer>;
  /** Asks whichever replica answers to drop these prompts from its queue, in one request. */
  withdraw(endpoint: Endpoint, promptIds: readonly string[], signal: AbortSignal): Promise<void>;
  /**
   * Asks whichever replica answers to drop this very prompt from its queue, and with `interrupt` to stop it where it runs; harmless on all others, as long
   * as they read the id of what to interrupt.
   */
  stop(
    endpoint: Endpoint,
    prompt: { readonly promptId: string; readonly interrupt: boolean },
    signal: AbortSignal,
  ): Promise<void>;
}

/** Begins to stop an attempt on whichever replica has it, and returns at once. */
export type StopAttempt = (attempt: Pick<Attempt, 'id' | 'endpointId'>) => void;

/** Which ComfyUI an endpoint's workers run, as last heard: "0.33.0"; null while nobody has asked. */
export interface WorkerVersions {
  versionOf(endpointId: string): string | null;
}

export type RunAnswer =
  /** `isWhole`: what is not named is not in what was asked for; false when there may be more than `limit`. */
  | {
      readonly type: 'reports';
      readonly reports: ReadonlyMap<string, RunReport>;
      readonly isWhole: boolean;
      readonly bytes: number;
    }
  /** This worker does not have such a list. */
  | { readonly type: 'unsupported' }
  | { readonly type: 'too_large' }
  /** Nothing that a ComfyUI says, or nothing in time. */
  | { readonly type: 'none' };

/**
 * Asks whichever replica answers for all prompts that it has: `jobs` waiting, running and ended, the newest first, without their graphs (ComfyUI 0.6 and
 * newer); `living` those of them that wait or run; `history` those
 * that have ended; `queue` those that wait or run. No question names a prompt, so a balancer that routes by address cannot send it astray. Can start a
 * GPU where none is up.
 */
export type AskRuns = (
  endpoint: Endpoint,
  list: 'jobs' | 'living' | 'history' | 'queue',
  limit: number,
  signal: AbortSignal,
) => Promise<RunAnswer>;

/** Asks an endpoint how it is. Can start a GPU where none is up. */
export type AskEndpoint = (
  endpoint: Pick<NewEndpoint, 'url' | 'apiKeyVariable'>,
  signal: AbortSignal,
) => Promise<EndpointAnswer>;

/** What a replica says, unasked, of a prompt that was sent with our client id. */
export type RunMessage =
  | { readonly type: 'started'; readonly promptId: string }
  /** These nodes need not run: their results are still in the replica's memory. */
  | { readonly type: 'cached'; readonly promptId: string; readonly nodeIds: readonly string[] }
  | { readonly type: 'node'; readonly promptId: string; readonly nodeId: string }
  | {
      readonly type: 'step';
      readonly promptId: string;
      readonly nodeId: string;
      readonly value: number;
      readonly max: number;
    }
  | { readonly type: 'preview'; readonly promptId: string; readonly nodeId: string; readonly picture: PreviewPicture }
  | { readonly type: 'ended'; readonly promptId: string; readonly end: RunEnd };

export type PreviewPicture = { readonly mime: 'image/jpeg' | 'image/png'; readonly bytes: Uint8Array };

/**
 * Opens one WebSocket to whichever replica answers. From there come the messages of prompts that run there and were sent with this client id. `onClose` is
 * called once, however it ends; `wasOpen` false: the connection was refused.
 */
export type Listen = (
  endpoint: Pick<Endpoint, 'url' | 'apiKeyVariable'>,
  clientId: string,
  on: { message(message: RunMessage): void; open(): void; close(wasOpen: boolean): void },
) => { close(): void };
