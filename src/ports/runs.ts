import type { RunEnd, RunReport } from '#src/domain/jobs/run-report.ts';
import type { Endpoint } from './endpoints.ts';

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
