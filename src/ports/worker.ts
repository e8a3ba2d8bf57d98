import type { NodeErrors } from '#src/domain/errors.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import type { Endpoint } from './endpoints.ts';
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
