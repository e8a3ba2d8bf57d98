import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpStatusOf } from '#src/api/errors.ts';
import { appErrorIn } from '#src/domain/errors.ts';
import { loginPath, nextPath } from '#src/domain/users/next-path.ts';
import type { Log } from '#src/ports/log.ts';
import { enterTab } from '#src/services/session/enter-tab.ts';
import type { Identity } from '#src/services/session/identify.ts';
import {
  enteringCookie,
  enteringOf,
  lastPersonCookie,
  lastPersonOf,
  type Site,
  sessionCookies,
  sessionTokenOf,
} from './cookies.ts';
import { OPEN, type Origins } from './requests.ts';

const ENTER = '/enter';
/** At the gallery. */
export const ENTER_COMFYUI = '/enter-comfyui';

const STATE = /^[0-9a-f]{64}$/;

function say(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${message}\n`);
}
function goTo(response: ServerResponse, address: string): void {
  response.writeHead(302, { location: address, 'cache-control': 'no-store' });
  response.end();
}
const query = (fields: Record<string, string>): string => `?${new URLSearchParams(fields)}`;

/** What whoever has none reads instead of ComfyUI. */
export const COMFYUI_OFF =
  'ComfyUI is turned off for you. Ask the teacher to turn it on. Your files and workflows are kept.';

/** What operators read there. */
export const FOR_PARTICIPANTS =
  'ComfyUI is for participants. To open somebody’s, choose “View as” in Admin, Participants, then ComfyUI. To try your own, add a participant for yourself.';

/** The session that a tab is opened from, or why there is none. */
function wayOf({ actor, operator, hasComfyui, sessionId }: Identity): { sessionId: string } | { refusal: string } {
  if (actor.role === 'operator') return { refusal: FOR_PARTICIPANTS };
  if (!hasComfyui)
    return {
      refusal: operator ? `ComfyUI is turned off for ${actor.name}. Turn it on in Admin, Participants.` : COMFYUI_OFF,
    };
  return sessionId === null ? { refusal: 'This is for browsers: a token needs no way into ComfyUI.' } : { sessionId };
}

/**
 * From the gallery to the ComfyUI tabs at their own origin, where the gallery's cookie is not: `/open…` there remembers the browser and asks the gallery
 * who it is; the gallery answers with a code; `/enter` there takes it for a session of the tab.
 */
export function createWayToTab(
  deps: Parameters<typeof enterTab>[0] & { log: Log },
  config: { comfyuiUrl: string | null; comfyuiOrigin: string | null },
  origins: Pick<Origins, 'tabOrigin' | 'galleryOrigin' | 'addressOf'>,
) {
  /** At a port of its own there is nothing but ComfyUI. */
  const homes = (config.comfyuiOrigin === null ? null : config.comfyuiUrl) ?? '/';
  const home = ({ actor }: Identity): string => homes.replaceAll('{user}', encodeURIComponent(actor.name));

  function open(request: IncomingMessage, response: ServerResponse, next: string, { secure }: Site): void {
    const secret = enteringOf(request, secure) ?? deps.random.token().token;
    response.setHeader('set-cookie', enteringCookie(secret, secure));
    goTo(
      response,
      `${origins.galleryOrigin(request)}${ENTER_COMFYUI}${query({ state: deps.random.hashToken(secret), next })}`,
    );
  }

  async function enter(request: IncomingMessage, response: ServerResponse, url: URL, site: Site): Promise<void> {
    const secret = enteringOf(request, site.secure) ?? '';
    try {
      const session = await enterTab(deps, {
        code: url.searchParams.get('code') ?? '',
        state: deps.random.hashToken(secret),
        cookie: sessionTokenOf(request, site),
      });
      if (session) {
        const person = deps.random.hashToken(session.userId);
        const before = lastPersonOf(request, site.secure);
        // ComfyUI's page keeps drafts in the browser.
        if (before !== null && before !== person) response.setHeader('clear-site-data', '"storage"');
        response.setHeader('set-cookie', [
          ...sessionCookies(session, site, deps.clock.now()),
          lastPersonCookie(person, site.secure),
        ]);
        deps.log.info({ user: session.userId, address: origins.addressOf(request) }, 'entered ComfyUI');
      }
      goTo(response, nextPath(url.searchParams.get('next')));
    } catch (error) {
      const appError = appErrorIn(error);
      if (!appError) throw error;
      deps.log.info({ path: ENTER, code: appError.code, address: origins.addressOf(request) }, 'refused');
      say(response, httpStatusOf(appError.code), appError.message);
    }
  }

  return {
    isWay: (pathname: string): boolean =>
      pathname === ENTER || pathname === '/login' || pathname.startsWith(`${OPEN}/`),

    /** What leads into ComfyUI, at its own origin. */
    async atTab(request: IncomingMessage, response: ServerResponse, url: URL, site: Site): Promise<void> {
      const { pathname, search } = url;
      if (request.method !== 'GET') return say(response, 405, 'This can only be read.');
      if (pathname === ENTER) return enter(request, response, url, site);
      if (pathname === '/login') return open(request, response, '/', site);
      open(request, response, nextPath(pathname.slice(OPEN.length) + search), site);
    },

    async atGallery(
      request: IncomingMessage,
      response: ServerResponse,
      url: URL,
      identity: Identity | null,
    ): Promise<void> {
      const state = url.searchParams.get('state') ?? '';
      const next = nextPath(url.searchParams.get('next'));
      const { 'sec-fetch-dest': destination } = request.headers;
      const comfyuiOrigin = origins.tabOrigin(request);
      if (comfyuiOrigin === null) return say(response, 404, 'ComfyUI tabs have no address of their own here.');
      if (request.method !== 'GET') return say(response, 405, 'This can only be read.');
      // A script must not go this way unseen.
      if (!STATE.test(state) || (destination !== undefined && destination !== 'document'))
        return say(response, 400, 'Open ComfyUI from the gallery.');
      if (!identity) return goTo(response, loginPath(url.pathname + url.search));
      const way = wayOf(identity);
      if ('refusal' in way) return say(response, 403, way.refusal);
      const code = deps.tabCodes.issue({ ...way, state });
      goTo(response, `${comfyuiOrigin}${ENTER}${query({ code, next: next === '/' ? home(identity) : next })}`);
    },
  };
}
export type WayToTab = ReturnType<typeof createWayToTab>;
