import { setTimeout as sleep } from 'node:timers/promises';
import { type RateLimits, waitFor } from '#src/domain/endpoints/platform-rate.ts';
import { AppError } from '#src/domain/errors.ts';
import { fault } from './replies.ts';

const PATIENCE_MS = 15_000;
/** Who waits longer for a turn had better be told. */
const MAX_WAIT_MS = 10_000;
/** For a 429 that does not say how long. */
const USUAL_WAIT_S = 10;

export type Reply = { readonly status: number; readonly body: unknown };
export type Send = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  more?: {
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly bearer?: string;
  },
) => Promise<Reply>;

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return codeOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const unavailable = (message: string, extra: { cause?: unknown; retryAfterSeconds?: number } = {}): AppError =>
  new AppError('platform_unavailable', message, extra);

/** Why Verda refused, and what to do about it. `what` is what was asked for. */
export function refusal({ status, body }: Reply, what: string): AppError {
  const said = fault.safeParse(body).data;
  const words = said?.message ?? said?.code;
  const quoted = words === undefined ? '' : ` It says: ${words.slice(0, 300)}`;
  switch (status) {
    case 401:
      return unavailable(
        `Verda does not accept VERDA_CLIENT_ID and VERDA_CLIENT_SECRET. Create new ones in its console (Keys, Cloud API Credentials).${quoted}`,
      );
    case 402:
      return unavailable(`The Verda account has not enough money for ${what}. Top it up in its console.${quoted}`);
    case 403:
      return unavailable(
        `These Verda credentials lack permission for ${what}. Create credentials with that scope.${quoted}`,
      );
    case 404:
      return unavailable(`Verda does not know ${what}. Was the deployment deleted or renamed?${quoted}`);
    case 408:
    case 504:
      return unavailable(`Verda took too long with ${what} (HTTP ${status}).${quoted}`);
    default:
      return unavailable(`Verda could not do this: ${what} (HTTP ${status}).${quoted}`);
  }
}

/** One request to the management API, when its turn has come: the limits are kept here, and a 429 silences all requests for as long as it says. */
export function createSend(baseUrl: string, limits: RateLimits, signal: AbortSignal): Send {
  const sent = new Map<string, number[]>();
  let silentUntil = 0;

  function sentOf(key: string, now: number): number[] {
    const times = (sent.get(key) ?? []).filter((time) => now - time < limits.windowMs);
    sent.set(key, times);
    return times;
  }

  async function takeTurn(key: string): Promise<void> {
    for (;;) {
      const now = performance.now();
      const [all, own] = [sentOf('', now), sentOf(key, now)];
      const wait = Math.max(
        silentUntil - now,
        waitFor(all, limits.all, now, limits.windowMs),
        waitFor(own, limits.onePath, now, limits.windowMs),
      );
      if (wait <= 0) {
        all.push(now);
        own.push(now);
        return;
      }
      if (wait > MAX_WAIT_MS) {
        const retryAfterSeconds = Math.ceil(wait / 1000);
        throw unavailable(`Verda’s rate limit is reached; next request in ${retryAfterSeconds} s.`, {
          retryAfterSeconds,
        });
      }
      await sleep(wait, undefined, { signal });
    }
  }

  async function once(...[method, path, { query, body, bearer } = {}]: Parameters<Send>) {
    const address = new URL(`${baseUrl}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, value);
    const response = await fetch(address, {
      method,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    return { response, text: await response.text() };
  }

  return async (method, path, more) => {
    for (let isSecond = false; ; isSecond = true) {
      let got: Awaited<ReturnType<typeof once>>;
      try {
        await takeTurn(`${method} ${path}`);
        got = await once(method, path, more);
      } catch (error) {
        if (error instanceof AppError) throw error;
        if (signal.aborted) throw unavailable('comfyume is stopping.', { cause: error });
        const timedOut = error instanceof Error && error.name === 'TimeoutError';
        throw unavailable(
          timedOut
            ? `Verda did not respond within ${PATIENCE_MS / 1000} s.`
            : `Verda could not be reached (${codeOf(error)}).`,
          { cause: error },
        );
      }
      const { status, headers } = got.response;
      if (status !== 429) return { status, body: json(got.text) };
      const named = Number(headers.get('retry-after') ?? '');
      const retryAfterSeconds = named > 0 ? named : USUAL_WAIT_S;
      silentUntil = Math.max(silentUntil, performance.now() + retryAfterSeconds * 1000);
      if (isSecond)
        throw unavailable(`Verda rejects further requests for ${retryAfterSeconds} s.`, { retryAfterSeconds });
    }
  };
}
