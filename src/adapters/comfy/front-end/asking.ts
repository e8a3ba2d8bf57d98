import { firstLine } from '#src/domain/endpoints/http-answer.ts';
import type { CaptureFault } from '#src/domain/front-end/capture-words.ts';
import { MAX_BYTES } from '#src/domain/front-end/front-end.ts';
import type { FrontEndReader } from '#src/ports/comfyui/front-end.ts';
import { type createRequest, readBytes, sayError, TooLong } from '../http.ts';

/** While a GPU starts, its balancer holds the first request. */
export const COLD_MS = 10 * 60_000;
const FILE_MS = 60_000;
const MAX_SAID_BYTES = 8192;

/** Ends a capture. */
export class CaptureFailed extends Error {
  readonly fault: CaptureFault;
  constructor(fault: CaptureFault) {
    super(fault.type);
    this.fault = fault;
  }
}

export type Got =
  | { readonly type: 'got'; readonly bytes: Buffer; readonly contentType: string }
  | { readonly type: 'other'; readonly httpStatus: number; readonly said: string }
  | { readonly type: 'too_large' }
  | { readonly type: 'cut'; readonly said: string };

/** One GET after another of one endpoint, each maybe of another replica; what they bring in all is bounded. */
export type AskWorker = (address: string, maxBytes: number, timeoutMs?: number) => Promise<Got>;

export function createAsking(
  request: ReturnType<typeof createRequest>,
  endpoint: Parameters<FrontEndReader['key']>[0],
  signal: AbortSignal,
): AskWorker {
  let left = MAX_BYTES;
  return async (address, maxBytes, timeoutMs = FILE_MS) => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await request(endpoint, address, undefined, until);
      if (response.status !== 200) {
        const said = await readBytes(response, MAX_SAID_BYTES).catch(() => Buffer.alloc(0));
        return { type: 'other', httpStatus: response.status, said: firstLine(said.toString()) };
      }
      const bytes = await readBytes(response, Math.min(maxBytes, left));
      left -= bytes.length;
      return { type: 'got', bytes, contentType: response.headers.get('content-type') ?? '' };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TooLong)) return { type: 'cut', said: sayError(error) };
      if (left < maxBytes) throw new CaptureFailed({ type: 'too_many_bytes' });
      return { type: 'too_large' };
    }
  };
}
