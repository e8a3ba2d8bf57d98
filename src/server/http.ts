import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiDeps, httpStatusOf } from '#src/api/trpc.ts';
import { appErrorIn } from '#src/domain/errors.ts';
import { MAX_GRAPH_BYTES } from '#src/domain/graph.ts';
import { type Identity, identify } from '#src/services/session/identify.ts';
import { contextOf, type Origins, proofOf, renewedCookie, sessionCookie } from './requests.ts';
import { createTrpcHttp } from './trpc-http.ts';

type Route = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  actor: Identity['actor'] | null,
) => Promise<void>;

type Deps = ApiDeps & {
  files: Route;
  takeHome: Route;
  strays: Route;
  extension: (request: IncomingMessage, response: ServerResponse, pathname: string) => void;
  receiveInput: (request: IncomingMessage, actor: Identity['actor'] | null) => Promise<{ name: string }>;
  pages: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Why the product cannot do its work just now; none = ready. */
  faults: () => Promise<string[]>;
  metrics: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
};

/** Graph and editor's workflow, each at its largest, and room for the rest. */
const LARGEST_BODY = 2 * MAX_GRAPH_BYTES + 1_000_000;
const PAGE_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

const sayJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(JSON.stringify(body));
};

/** For those who are not signed in yet. */
const OPEN_PAGES: ReadonlySet<string> = new Set(['/login', '/join']);

const isAsset = (path: string): boolean => path.startsWith('/_next/') || /\.[a-z0-9]+$/i.test(path);

/** tRPC reads a body wherever a procedure could take one; a call without any (`curl -X POST`) means no input. */
const isEmptyPost = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

/** Everything that comes over HTTP, in one place: health, sign-in check, tRPC, files; Next has the rest. */
export function createHttp(deps: Deps, origins: Origins) {
  const identities = new WeakMap<IncomingMessage, Identity>();

  const trpc = createTrpcHttp(LARGEST_BODY, (request, response) =>
    contextOf(deps, request, identities.get(request), (session) => {
      response.setHeader('set-cookie', sessionCookie(session, origins.isHttps(request), deps.clock.now()));
    }),
  );

  async function whoIs(request: IncomingMessage, response: ServerResponse): Promise<Identity | null> {
    const identity = await identify(deps, proofOf(request), true);
    if (!identity) return null;
    identities.set(request, identity);
    const cookie = renewedCookie(request, identity, origins.isHttps(request), deps.clock.now());
    if (cookie !== null) response.setHeader('set-cookie', cookie);
    return identity;
  }

  function allowForeign(request: IncomingMessage, response: ServerResponse): void {
    const origin = origins.foreign(request);
    if (origin === null) return;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-allow-headers', 'content-type, authorization');
    response.setHeader('access-control-allow-methods', 'GET, POST');
    response.setHeader('access-control-expose-headers', 'date');
    response.setHeader('vary', 'origin');
  }

  async function input(
    request: IncomingMessage,
    response: ServerResponse,
    actor: Identity['actor'] | null,
  ): Promise<void> {
    if (request.method !== 'POST')
      return sayJson(response, 405, {
        error: { message: 'Send files with POST.', data: { appError: 'invalid_input' } },
      });
    try {
      sayJson(response, 200, await deps.receiveInput(request, actor));
    } catch (error) {
      const told = appErrorIn(error);
      if (!told) throw error;
      if (told.cause !== undefined) deps.log.warn({ err: told.cause, user: actor?.name }, told.message);
      sayJson(response, httpStatusOf(told.code), { error: { message: told.message, data: { appError: told.code } } });
    }
  }

  async function page(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    response.setHeader('content-security-policy', PAGE_POLICY);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'same-origin');
    if (!isAsset(url.pathname)) {
      const identity = await whoIs(request, response);
      if (!identity && !OPEN_PAGES.has(url.pathname)) {
        response.writeHead(302, {
          location: `/login?next=${encodeURIComponent(url.pathname + url.search)}`,
          'cache-control': 'no-store',
        });
        response.end();
        return;
      }
      // Next shows its own "not found" for a path that no page has.
      if (/^\/admin(\/|$)/.test(url.pathname) && identity?.actor.role !== 'operator')
        request.url = '/there-is-no-such-page';
    }
    await deps.pages(request, response);
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // More than one slash in front would be taken for the name of a host.
    const url = new URL(`http://localhost/${(request.url ?? '').replace(/^\/+/, '')}`);
    const { pathname } = url;
    if (pathname === '/healthz') return sayJson(response, 200, { ok: true });
    if (pathname === '/readyz') {
      const faults = await deps.faults();
      return sayJson(response, faults.length > 0 ? 503 : 200, { ok: faults.length === 0, faults });
    }
    if (pathname === '/metrics') return deps.metrics(request, response);
    if (pathname === '/api/auth/verify') {
      const identity = await whoIs(request, response);
      if (!identity) return sayJson(response, 401, { ok: false });
      response.setHeader('x-comfyume-user', encodeURIComponent(identity.actor.name));
      response.setHeader('x-comfyume-id', identity.actor.userId);
      response.setHeader('x-comfyume-role', identity.actor.role);
      return sayJson(response, 200, { name: identity.actor.name });
    }
    if (pathname.startsWith('/api/')) {
      allowForeign(request, response);
      if (request.method === 'OPTIONS') {
        response.writeHead(204);
        response.end();
        return;
      }
      const isInput = pathname === '/api/inputs';
      if (!isInput && !pathname.startsWith('/api/trpc/')) return sayJson(response, 404, { error: 'Not found.' });
      if (request.method !== 'GET' && !origins.isAllowed(request))
        return sayJson(response, 403, {
          error: {
            message: 'Requests from this page’s address are not allowed.',
            data: { appError: 'foreign_origin' },
          },
        });
      response.setHeader('cache-control', 'no-store');
      response.setHeader('x-content-type-options', 'nosniff');
      const identity = await whoIs(request, response);
      if (isInput) return input(request, response, identity?.actor ?? null);
      // A call without input needs no body; tRPC alone would take that for broken JSON.
      if (
        request.method === 'POST' &&
        Number(request.headers['content-length'] ?? 0) === 0 &&
        request.headers['transfer-encoding'] === undefined
      ) {
        request.headers['content-type'] ??= 'application/json';
        Object.assign(request, { body: '{}' });
      }
      if (isEmptyPost(request)) {
        Object.assign(request, { body: '{}' });
        request.headers['content-type'] = 'application/json';
      }
      await trpc(request, response);
      return;
    }
    if (pathname.startsWith('/extension/')) {
      allowForeign(request, response);
      return deps.extension(request, response, pathname);
    }
    if (pathname.startsWith('/files/')) {
      allowForeign(request, response);
      if (request.method === 'OPTIONS') {
        response.writeHead(204);
        response.end();
        return;
      }
      const identity = await whoIs(request, response);
      return deps.files(request, response, url, identity?.actor ?? null);
    }
    if (pathname.startsWith('/strays/')) {
      const identity = await whoIs(request, response);
      return deps.strays(request, response, url, identity?.actor ?? null);
    }
    if (pathname === '/takehome' || pathname.startsWith('/takehome/')) {
      if (request.method !== 'GET' && !origins.isAllowed(request))
        return sayJson(response, 403, { message: 'Requests from this page’s address are not allowed.' });
      const identity = await whoIs(request, response);
      return deps.takeHome(request, response, url, identity?.actor ?? null);
    }
    await page(request, response, url);
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response).catch((error: unknown) => {
      deps.log.error({ err: error, method: request.method, url: request.url }, 'request failed');
      if (response.headersSent) response.destroy();
      else
        sayJson(response, 500, {
          error: {
            message: 'Something went wrong on the server. The error has been logged.',
            data: { appError: 'internal' },
          },
        });
    });
  };
}
