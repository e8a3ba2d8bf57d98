import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  isTRPCClientError,
  splitLink,
  type TRPCClient,
  wsLink,
} from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#src/api/app/router.ts';
import type { NodeErrors } from '#src/domain/errors.ts';
import type { FeedEvent, FeedNotice } from '#src/domain/events/feed.ts';
import { MAX_CALLS } from '#src/domain/request-bounds.ts';
import { SESSION_ENDED_CODE } from '#src/domain/users/session.ts';
import { inside, textOr } from './json.ts';

export type Outputs = inferRouterOutputs<AppRouter>;
export type ServerJob = Outputs['jobs']['get'];
export type ServerResult = ServerJob['results'][number];
type Preview = { readonly nodeId: string; readonly url: string };
export type ServerUser = NonNullable<Outputs['session']['me']>['user'];

export type Standing =
  | { readonly is: 'starting' | 'away' | 'signed-out' }
  | { readonly is: 'here'; readonly user: ServerUser };

const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];
const pause = (attempt: number): number => PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 30_000;
/** A connection that comes back at once is no news. */
const AWAY_AFTER_MS = 3000;
const NOISE_MS = 2000;
/** Not at once: a server that answers this question, and not the one that was asked, would be asked without end. */
const LOST_MS = 2000;

export type ServerFailure = { readonly code: string | null; readonly message: string; readonly nodeErrors: NodeErrors };

/** A "no" that is not one of tRPC's: the same again would be answered the same. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What went wrong. `code` is null when nobody answered, or only to say that it goes. */
export function failureOf(error: unknown): ServerFailure {
  if (isTRPCClientError<AppRouter>(error) && error.data && error.data.appError !== 'shutting_down')
    return { code: error.data.appError, message: error.message, nodeErrors: error.data.nodeErrors ?? {} };
  const refused = error instanceof Error && error.cause instanceof Refused ? error.cause : error;
  if (refused instanceof Refused) return { code: refused.code, message: refused.message, nodeErrors: {} };
  return { code: null, message: 'The class server does not respond.', nodeErrors: {} };
}

/** The class's server: calls, what it tells, and whether it is there at all. `token` is empty where the cookie signs in. */
export function connectServer(
  { address, token }: { address: string; token: string },
  receive: (message: FeedEvent | FeedNotice) => void,
  changed: (standing: Standing) => void,
) {
  let standing: Standing = { is: 'starting' };
  let offset = 0;
  let attempts = 0;
  let status = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsubscribe: (() => void) | null = null;
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };

  const request = async (input: URL | RequestInfo, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, { ...init, credentials: 'include' });
    status = response.status;
    const said = Date.parse(response.headers.get('date') ?? '') + 500 - Date.now();
    if (!Number.isNaN(said)) offset = Math.abs(said) > NOISE_MS ? said : 0;
    return response;
  };

  class SocketWithToken extends WebSocket {
    constructor(url: string | URL) {
      super(url, token === '' ? [] : ['comfyume', `comfyume.token.${token}`]);
    }
  }
  const socket = createWSClient({
    url: `${address.replace(/^http/, 'ws')}/api/trpc`,
    WebSocket: SocketWithToken,
    lazy: { enabled: true, closeMs: 0 },
    retryDelayMs: pause,
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 5000 },
    onOpen: () => {
      clearTimeout(timer);
      if (standing.is === 'away') check();
    },
    onClose: (cause) => {
      if (cause?.code === SESSION_ENDED_CODE) {
        stand({ is: 'signed-out' });
        return;
      }
      clearTimeout(timer);
      if (standing.is === 'here') timer = setTimeout(check, AWAY_AFTER_MS);
    },
  });
  const api: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: wsLink({ client: socket }),
        false: httpBatchLink({
          url: `${address}/api/trpc`,
          headers: authorization,
          maxURLLength: 4000,
          maxItems: MAX_CALLS,
          fetch: async (input, init) => spoken(await request(input, { method: init?.method ?? 'GET', ...pick(init) })),
        }),
      }),
    ],
  });

  function stand(next: Standing): void {
    const isSame =
      next.is === standing.is && (next.is !== 'here' || standing.is !== 'here' || next.user.id === standing.user.id);
    standing = next;
    settle();
    if (next.is === 'here' && !unsubscribe)
      unsubscribe = api.jobs.onEvent.subscribe(
        {},
        {
          onData: ({ data }) => receive(data),
          onError: (error) => {
            if (failureOf(error).code === 'not_signed_in') stand({ is: 'signed-out' });
          },
        },
      ).unsubscribe;
    if (next.is === 'signed-out') {
      unsubscribe?.();
      unsubscribe = null;
    }
    if (!isSame) changed(next);
  }

  /** Asks who we are; while nobody answers, again and again with growing pauses. */
  function check(): void {
    clearTimeout(timer);
    api.session.me.query().then(
      (me) => {
        attempts = 0;
        const wasHere = standing.is === 'here';
        stand(me ? { is: 'here', user: me.user } : { is: 'signed-out' });
        // Where no socket comes through (a proxy, a browser's rules), what it would have told is read at the pace of its tries.
        if (wasHere && me) receive({ type: 'feed.ready', missed: true });
      },
      () => {
        stand({ is: 'away' });
        timer = setTimeout(check, pause(attempts));
        attempts += 1;
      },
    );
  }

  /** Comes back from signing in, or from a laptop's sleep. */
  const look = (): void => {
    if (document.visibilityState === 'visible' && standing.is !== 'here') check();
  };
  window.addEventListener('focus', look);
  window.addEventListener('online', look);

  return {
    api,
    address,
    check,
    /** A call was not answered: away until it answers again. */
    lost(): void {
      stand({ is: 'away' });
      clearTimeout(timer);
      timer = setTimeout(check, LOST_MS);
    },
    /** Resolves when it is known for the first time whether the server is there and who we are. */
    settled,
    isSameOrigin: new URL(address).origin === window.location.origin,
    standing: () => standing,
    now: () => Date.now() + offset,
    /** The preview pictures of a job, until the function that it gives is called. */
    look: (id: string, take: (preview: Preview) => void): (() => void) =>
      api.jobs.onPreview.subscribe({ id }, { onData: take }).unsubscribe,
    /** Of the last answer, for operators. */
    httpStatus: () => status,
    get: (path: string) => request(`${address}${path}`, { headers: authorization }),
    /** Adds a file to the uploads, and gives the name that it has there. */
    async sendInput(file: Blob, name: string): Promise<string> {
      const form = new FormData();
      form.append('file', file, name);
      const response = await request(`${address}/api/inputs`, { method: 'POST', body: form, headers: authorization });
      const said: unknown = await spoken(response).json();
      return inputAnswer(said, name);
    },
  };
}
export type Server = ReturnType<typeof connectServer>;

const pick = (init: { body?: unknown; headers?: unknown; signal?: unknown } | undefined): RequestInit => ({
  ...(typeof init?.body === 'string' && { body: init.body }),
  ...(isHeaders(init?.headers) && { headers: init.headers }),
  ...(init?.signal instanceof AbortSignal && { signal: init.signal }),
});
const isHeaders = (value: unknown): value is Record<string, string> => typeof value === 'object' && value !== null;

/** A proxy that refuses (too large, not allowed) does not speak as our server does. One that finds nobody behind it (5xx) is the same as silence. */
function spoken(response: Response): Response {
  const isOurs = response.headers.get('content-type')?.includes('json') ?? false;
  if (isOurs || response.status < 400 || response.status >= 500) return response;
  const what = response.status === 413 ? 'it is too large' : `HTTP ${response.status}`;
  throw new Refused('proxy', `A proxy in front of the class server rejected this: ${what}. Tell the teacher.`);
}

function inputAnswer(said: unknown, file: string): string {
  const name = inside(said, 'name');
  if (typeof name === 'string') return name;
  throw new Refused(
    textOr(inside(said, 'error', 'data', 'appError'), 'invalid_input'),
    textOr(inside(said, 'error', 'message'), `The class server did not accept “${file}”.`),
  );
}
