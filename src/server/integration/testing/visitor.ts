import { createTRPCClient, createWSClient, httpLink, type TRPCClient, TRPCClientError, wsLink } from '@trpc/client';
import { WebSocket as NodeSocket } from 'ws';
import { z } from 'zod';
import type { AppRouter } from '#src/api/app/router.ts';
import type { FeedEvent, FeedNotice } from '#src/domain/events/feed.ts';

export type Heard = { readonly id: string; readonly data: FeedEvent | FeedNotice };

export type Feed = {
  readonly received: readonly Heard[];
  /** Why the socket was closed, every time that it was. */
  readonly closed: readonly { code: number; reason: string }[];
  /** Resolves when the server has said that the feed is live. */
  readonly ready: Promise<void>;
  /** Cuts the connection as a bad network does; the client comes back by itself. */
  cut(): void;
  close(): Promise<void>;
};

export type Look = {
  readonly pictures: readonly { readonly nodeId: string; readonly url: string }[];
  readonly ready: Promise<void>;
  close(): Promise<void>;
};

export type Visitor = {
  /** Session cookie, as a browser would send it (with all others); empty when there is none. */
  cookie(): string;
  /** One request with the cookie; a cookie that is set by the answer is kept. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The procedures, each call one plain JSON request. */
  readonly api: TRPCClient<AppRouter>;
  listen(lastEventId?: string): Feed;
  /** The preview pictures of a job. */
  look(jobId: string): Look;
};

/** The package `ws` does what a browser's sockets do, but its types are others. */
const likeBrowser = z.custom<typeof WebSocket>((socket) => typeof socket === 'function' && 'OPEN' in socket);

/** What one browser or script does to the product at `url`, over real HTTP and WebSockets. */
export function visitor(url: string, headers: Readonly<Record<string, string>> = {}): Visitor {
  const jar = new Map<string, string>();
  const cookies = (which: RegExp): string =>
    [...jar].flatMap(([name, value]) => (which.test(name) ? `${name}=${value}` : [])).join('; ');

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const sent = new Headers(init.headers);
    for (const [name, value] of Object.entries(headers)) if (!sent.has(name)) sent.set(name, value);
    if (jar.size > 0 && !sent.has('cookie')) sent.set('cookie', cookies(/./));
    const response = await fetch(new URL(path, url), { redirect: 'manual', ...init, headers: sent });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  const api = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/api/trpc`,
        fetch: (input, init) =>
          request(String(input), {
            ...(init?.method !== undefined && { method: init.method }),
            ...(typeof init?.body === 'string' && { body: init.body }),
            headers: new Headers(Object.entries(init?.headers ?? {})),
          }),
      }),
    ],
  });

  function connect() {
    const closed: { code: number; reason: string }[] = [];
    let socket: NodeSocket | null = null;
    class CookieSocket extends NodeSocket {
      constructor(address: string | URL) {
        super(address, { headers: { ...headers, ...(jar.size > 0 && { cookie: cookies(/./) }) } });
        socket = this;
        this.on('close', (code, reason) => closed.push({ code, reason: reason.toString() }));
      }
    }
    const client = createWSClient({
      url: `${url.replace(/^http/, 'ws')}/api/trpc`,
      WebSocket: likeBrowser.parse(CookieSocket),
      retryDelayMs: () => 20,
    });
    const { jobs } = createTRPCClient<AppRouter>({ links: [wsLink({ client })] });
    return { jobs, closed, cut: () => socket?.terminate(), close: () => client.close() };
  }

  function listen(lastEventId?: string): Feed {
    const received: Heard[] = [];
    const { jobs, closed, cut, close } = connect();
    const ready = new Promise<void>((resolve, reject) => {
      jobs.onEvent.subscribe(lastEventId === undefined ? {} : { lastEventId }, {
        onData: (message) => {
          received.push(message);
          if (message.data.type === 'feed.ready') resolve();
        },
        onError: reject,
      });
    });
    // Who closes the feed before it was ready does not wait for it.
    ready.catch(() => undefined);
    return { received, closed, ready, cut, close };
  }

  function look(id: string): Look {
    const pictures: Look['pictures'][number][] = [];
    const { jobs, close } = connect();
    const ready = new Promise<void>((resolve, reject) => {
      jobs.onPreview.subscribe(
        { id },
        { onStarted: () => resolve(), onData: (one) => pictures.push(one), onError: reject },
      );
    });
    ready.catch(() => undefined);
    return { pictures, ready, close };
  }

  return { cookie: () => cookies(/(?:session|tab)$/), fetch: request, api, listen, look };
}

export type Refusal = {
  readonly status: number;
  readonly code: string;
  readonly appError: string;
  readonly message: string;
  readonly nodeErrors: unknown;
  readonly retryAfterSeconds: number | null;
};

/** The "no" that a call is answered with. A call that succeeds is a failure of the test. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error;
    const { data }: TRPCClientError<AppRouter> = error;
    if (!data) throw error;
    return {
      status: data.httpStatus,
      code: data.code,
      appError: data.appError,
      message: error.message,
      nodeErrors: data.nodeErrors,
      retryAfterSeconds: data.retryAfterSeconds,
    };
  }
  throw new Error('This call should have been refused.');
}
