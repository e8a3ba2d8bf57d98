import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpStatusOf, INTERNAL } from '#src/api/errors.ts';
import type { ApiDeps, Context } from '#src/api/trpc.ts';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import { seconds } from '#src/domain/health/finding.ts';
import { type Identity, identify } from '#src/services/session/identify.ts';
import type { Timings } from '../timings.ts';
import type { ReadBody } from './bodies.ts';
import { watchBody } from './body-watch.ts';
import { loggedPath } from './comfy-token.ts';
import { deviceCookie, renewedCookie, sessionCookies } from './cookies.ts';
import { allowForeign, type ForeignUse } from './foreign.ts';
import type { Hosts } from './hosts.ts';
import { createInputUpload } from './input-upload.ts';
import { createPageRoute, type PageDeps } from './page-route.ts';
import { isHere } from './proxies.ts';
import { contextOf, type Origins, proofOf, urlOf } from './requests.ts';
import { sayJson } from './say-json.ts';
import { createTrpcHttp } from './trpc-http.ts';
import { ENTER_COMFYUI, type WayToTab } from './way-to-tab.ts';

const JSON_RPC_INTERNAL = -32603;

type Route = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  actor: Identity['actor'] | null,
) => Promise<void>;

type Deps = ApiDeps &
  PageDeps & {
    files: Route;
    inputFiles: Route;
    classPictures: Route;
    takeHome: Route;
    strays: Route;
    wayToTab: WayToTab;
    /** What is at ComfyUI's origin besides. */
    comfyui: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
    /** The official Comfy API v2. */
    apiV2Route: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
    extension: (request: IncomingMessage, response: ServerResponse, pathname: string) => void;
    receiveInput: (request: IncomingMessage, actor: Identity['actor'] | null) => Promise<{ name: string }>;
    readBody: ReadBody;
    timings: Pick<Timings, 'stalledMs'>;
    /** Why the product cannot do its work just now; none = ready. */
    faults: () => Promise<string[]>;
    metrics: (request: IncomingMessage, response: ServerResponse, isKnownHost: boolean) => Promise<void>;
  };

const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What ComfyUI's page has to have of us. The rest of its origin is ComfyUI's own. */
const ON_TABS = /^\/(api\/trpc|files|extension)\/|^\/api\/(trpc|inputs|auth\/verify)$/;

/** A call without any body (`curl -X POST`) means no input. */
const isEmptyPost = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

const FOREIGN: ForeignUse = { methods: 'GET, POST', send: 'content-type, authorization', read: 'date' };

/** Everything that comes over HTTP, in one place: health, sign-in check, tRPC, files; Next has the rest. */
export function createHttp(deps: Deps, origins: Origins, hosts: Hosts) {
  const identities = new WeakMap<IncomingMessage, Identity>();

  const trpc = createTrpcHttp(deps.readBody, (request, response) => {
    const site = origins.site(request);
    const setSession: Context['setSession'] = (session, device) => {
      const known = device === undefined ? [] : [deviceCookie(device, site.secure)];
      response.setHeader('set-cookie', [...sessionCookies(session, site, deps.clock.now()), ...known]);
    };
    return contextOf(deps, origins, request, identities.get(request), site.isTab ? null : setSession);
  });

  /** For answers that may be kept: a cookie in one of them could reach somebody else. */
  const whoAsks = (request: IncomingMessage): Promise<Identity | null> =>
    identify(deps, proofOf(request, origins.site(request)), false);

  /** For answers that nobody keeps. */
  async function whoIs(request: IncomingMessage, response: ServerResponse): Promise<Identity | null> {
    const site = origins.site(request);
    const identity = await identify(deps, proofOf(request, site), true);
    if (!identity) return null;
    identities.set(request, identity);
    const cookie = renewedCookie(request, identity, site, deps.clock.now());
    if (cookie !== null) response.setHeader('set-cookie', cookie);
    return identity;
  }

  function filesAt(pathname: string): Route {
    if (pathname.startsWith('/files/inputs/')) return deps.inputFiles;
    return pathname.startsWith('/files/workflows/') ? deps.classPictures : deps.files;
  }

  const input = createInputUpload(deps);
  const page = createPageRoute(deps, origins, whoIs);

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request);
    const { pathname } = url;
    // For every answer; what shows something says itself what it may.
    response.setHeader('content-security-policy', NOTHING);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'same-origin');
    const isKnownHost = hosts.isKnown(request);
    if (pathname === '/healthz') return sayJson(response, 200, { ok: true });
    if (pathname === '/readyz') {
      const faults = await deps.faults();
      const ok = faults.length === 0;
      const tells = isKnownHost && (isHere(request) || (await whoAsks(request))?.actor.role === 'operator');
      return sayJson(response, ok ? 200 : 503, tells ? { ok, faults } : { ok });
    }
    if (pathname === '/metrics') return deps.metrics(request, response, isKnownHost);
    if (!isKnownHost)
      return sayJson(response, 421, {
        error: {
          message: `comfyume is not served as “${request.headers.host ?? ''}”. Set PUBLIC_URL to the address that people use, or add it to ALLOWED_ORIGINS, then start again.`,
          data: { appError: 'foreign_origin' },
        },
      });
    if (origins.isTab(request) && !ON_TABS.test(pathname)) {
      // A program's token may stand in the address.
      response.setHeader('referrer-policy', 'no-referrer');
      return deps.comfyui(request, response, url);
    }
    if (pathname === ENTER_COMFYUI)
      return deps.wayToTab.atGallery(request, response, url, await whoIs(request, response));
    if (pathname === '/api/auth/verify') {
      const identity = await whoIs(request, response);
      if (!identity) return sayJson(response, 401, { ok: false });
      response.setHeader('x-comfyume-user', encodeURIComponent(identity.actor.name));
      // An operator who impersonates somebody stays an operator: what a participant's ComfyUI shows must not get that session.
      response.setHeader('x-comfyume-id', identity.operator === null ? identity.actor.userId : '');
      response.setHeader('x-comfyume-role', identity.actor.role);
      return sayJson(response, 200, { name: identity.actor.name });
    }
    if (/^\/api\/v2(\/|$)/.test(pathname)) return deps.apiV2Route(request, response, url);
    if (pathname.startsWith('/api/')) {
      if (allowForeign(origins, request, response, FOREIGN)) return;
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
      const identity = await whoIs(request, response);
      if (isInput) return input(request, response, identity);
      if (isEmptyPost(request)) request.headers['content-type'] = 'application/json';
      await trpc(request, response, url);
      return;
    }
    if (pathname.startsWith('/extension/')) {
      if (allowForeign(origins, request, response, FOREIGN)) return;
      return deps.extension(request, response, pathname);
    }
    if (pathname.startsWith('/files/')) {
      if (allowForeign(origins, request, response, FOREIGN)) return;
      const identity = await whoAsks(request);
      return filesAt(pathname)(request, response, url, identity?.actor ?? null);
    }
    if (pathname.startsWith('/strays/')) {
      const identity = await whoAsks(request);
      return deps.strays(request, response, url, identity?.actor ?? null);
    }
    if (pathname === '/takehome' || pathname.startsWith('/takehome/')) {
      if (request.method !== 'GET' && !origins.isAllowed(request))
        return sayJson(response, 403, { message: 'Requests from this page’s address are not allowed.' });
      const identity = await whoAsks(request);
      return deps.takeHome(request, response, url, identity?.actor ?? null);
    }
    await page(request, response, url);
  }

  function giveUp(request: IncomingMessage, response: ServerResponse): void {
    const waited = seconds(deps.timings.stalledMs);
    response.shouldKeepAlive = false;
    response.once('finish', () => request.destroy());
    sayJson(response, 408, {
      error: {
        message: `Next to nothing of this request arrived for ${waited}. Send it again over a faster connection.`,
        data: { appError: 'invalid_input' },
      },
    });
    if (!response.writableEnded) request.destroy();
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    watchBody(request, response, deps.timings.stalledMs, () => giveUp(request, response));
    route(request, response).catch((error: unknown) => {
      deps.log.error({ err: error, method: request.method, path: loggedPath(request) }, 'request failed');
      if (response.headersSent) response.destroy();
      else {
        const { code, message } = appErrorIn(error) ?? new AppError('internal', INTERNAL);
        // With a number, clients of tRPC tell it as they tell their own.
        sayJson(response, httpStatusOf(code), {
          error: { message, code: JSON_RPC_INTERNAL, data: { appError: code } },
        });
      }
    });
  };
}
