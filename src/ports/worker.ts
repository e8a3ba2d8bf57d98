import type { NodeErrors } from '#src/domain/errors.ts';
import type { Graph } from '#src/domain/graph.ts';
import type { Endpoint } from './endpoints.ts';
import type { Attempt } from './jobs.ts';

/** What came of one POST /prompt. */
export type Answer =
  | { readonly type: 'accepted'; readonly httpStatus: number; readonly nodeErrors: NodeErrors }
  | { readonly type: 'refused'; readonly httpStatus: number; readonly message: string; readonly nodeErrors: NodeErrors }
  /** Surely not sent: no connection was made. */
  | { readonly type: 'unreachable'; readonly message: string }
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
  /** Asks whichever replica answers to drop or interrupt this very prompt; harmless on all others. */
  stop(endpoint: Endpoint, promptId: string, signal: AbortSignal): Promise<void>;
}

/** Begins to stop an attempt on whichever replica has it, and returns at once. */
export type StopAttempt = (attempt: Pick<Attempt, 'id' | 'endpointId'>) => void;
