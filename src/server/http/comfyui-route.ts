import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '#src/domain/errors.ts';
import type { ComfyCaller, Gateway } from '#src/gateway/gateway.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import { identify } from '#src/services/session/identify.ts';
import { comfyTokenOf, withoutToken } from './comfy-token.ts';
import { renewedCookie } from './cookies.ts';
import type { Origins } from './requests.ts';
import { proofOf } from './requests.ts';
import { COMFYUI_OFF, FOR_PARTICIPANTS, type WayToTab } from './way-to-tab.ts';

type Deps = { users: UserStore; clock: Clock; random: Random; log: Log; wayToTab: WayToTab; gateway: Gateway };

/** A person who opens a page, and no program that reads an answer. */
const opensPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '');

/** In words for a person, as ComfyUI says it for a program. */
function refuse(request: IncomingMessage, response: ServerResponse, code: ErrorCode, message: string): void {
  const isPage = opensPage(request);
  const type = isPage ? 'text/plain' : 'application/json';
  response.writeHead(403, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  const error = { type: code, message, details: '', extra_info: {} };
  response.end(isPage ? `${message}\n` : JSON.stringify({ error, node_errors: {} }));
}

/** What ComfyUI's origin has besides our own API: the way in, and ComfyUI. */
export function createComfyuiRoute(deps: Deps, origins: Origins) {
  async function callerOf(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<ComfyCaller | { readonly refusal: string } | null> {
    const site = origins.site(request);
    const proof = { ...proofOf(request, site), bearer: comfyTokenOf(request, url) };
    const identity = await identify(deps, proof, true);
    if (!identity) return null;
    // Whoever opens the page is told by the gallery.
    if (identity.actor.role === 'operator') return opensPage(request) ? null : { refusal: FOR_PARTICIPANTS };
    const cookie = renewedCookie(request, identity, site, deps.clock.now());
    if (cookie !== null) response.setHeader('set-cookie', cookie);
    if (!identity.hasComfyui) return { refusal: COMFYUI_OFF };
    const { actor, operator, scope, sessionId } = identity;
    return { actor, operator, scope: scope ?? 'read', isSession: sessionId !== null };
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    if (deps.wayToTab.isWay(url.pathname)) return deps.wayToTab.atTab(request, response, url, origins.site(request));
    if (request.method !== 'GET' && request.method !== 'HEAD' && !origins.isAllowed(request))
      return refuse(request, response, 'foreign_origin', 'Requests from this page’s address are not allowed.');
    const caller = await callerOf(request, response, url);
    if (caller && 'refusal' in caller) return refuse(request, response, 'forbidden', caller.refusal);
    const bare = withoutToken(url);
    // Scripts run in it, which would find the token in its address.
    if (caller?.isSession === false && bare.pathname === '/' && opensPage(request))
      return refuse(request, response, 'forbidden', 'A token is for programs. Open ComfyUI from the gallery.');
    if (!caller && opensPage(request)) {
      response.writeHead(302, { location: '/login', 'cache-control': 'no-store' });
      response.end();
      return;
    }
    await deps.gateway(request, response, bare, caller);
  };
}
