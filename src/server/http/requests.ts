import type { IncomingMessage } from 'node:http';
import type { ApiDeps, Context } from '#src/api/trpc.ts';
import type { Identity, Proof } from '#src/services/session/identify.ts';
import { deviceOf, type Site, sessionTokenOf } from './cookies.ts';
import type { Proxies } from './proxies.ts';

/** At ComfyUI's origin: what stands behind it is where to go in the end. */
export const OPEN = '/open';

/** What is asked for. More than one slash in front would be taken for the name of a host, here and by whoever is sent on to it. */
export function urlOf(request: IncomingMessage): URL {
  const url = new URL(`http://localhost/${(request.url ?? '').replace(/^\/+/, '')}`);
  url.pathname = url.pathname.replace(/\/{2,}/g, '/');
  return url;
}

/** What a procedure knows of a call. */
export const contextOf = (
  deps: ApiDeps,
  origins: Pick<Origins, 'isHttps' | 'comfyuiUrl' | 'addressOf'>,
  request: IncomingMessage,
  identity: Identity | undefined,
  setSession: Context['setSession'],
): Context => ({
  deps,
  actor: identity?.actor ?? null,
  operator: identity?.operator ?? null,
  sessionId: identity?.sessionId ?? null,
  scope: identity?.scope ?? null,
  device: deviceOf(request, origins.isHttps(request)),
  address: origins.addressOf(request),
  comfyuiUrl:
    identity && !identity.hasComfyui && identity.actor.role === 'participant' ? null : origins.comfyuiUrl(request),
  setSession,
  subscriptions: { open: 0 },
  unreadBytes: () => 0,
});

/** A browser can send no header of its own with a WebSocket, but it can name subprotocols: one of them carries the personal token, which an address would leave in logs. */
const TOKEN_PROTOCOL = /(?:^|,)\s*comfyume\.token\.([^\s,]+)/;

export const bearerOf = ({ headers }: IncomingMessage): string | null =>
  /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ??
  TOKEN_PROTOCOL.exec(headers['sec-websocket-protocol'] ?? '')?.[1] ??
  null;

export const proofOf = (request: IncomingMessage, site: Site): Proof => ({
  bearer: bearerOf(request),
  cookie: sessionTokenOf(request, site),
  isTab: site.isTab,
});

/** Where requests may go to and come from: our own pages, the origins that were named, and apart from all of these the ComfyUI tabs. */
export function createOrigins(config: {
  publicUrl: string | null;
  allowedOrigins: readonly string[];
  comfyuiUrl: string | null;
  comfyuiOrigin: string | null;
  /** Where this process listens: at one for the gallery, and, where ComfyUI has no origin of its own, at another for ComfyUI. */
  port: number;
  comfyuiPort: number | null;
  proxies: Pick<Proxies, 'addressOf' | 'speakHttps'>;
}) {
  const tabHost = config.comfyuiOrigin === null ? null : new URL(config.comfyuiOrigin).hostname;
  const named = new Set([...config.allowedOrigins, ...(config.publicUrl ? [new URL(config.publicUrl).origin] : [])]);

  const isHttps = (request: IncomingMessage): boolean =>
    config.publicUrl?.startsWith('https:') || config.proxies.speakHttps(request);

  const ownOrigin = (request: IncomingMessage): string =>
    `${isHttps(request) ? 'https' : 'http'}://${request.headers.host ?? ''}`;

  const hostOf = ({ headers }: IncomingMessage): string | undefined =>
    URL.parse(`http://${headers.host ?? ''}`)?.hostname;

  /** By the name only, as cookies go: these do not know of ports. Without a name of its own, by the port that was connected to. */
  const isTab = (request: IncomingMessage): boolean =>
    tabHost === null
      ? config.comfyuiPort !== null && request.socket.localPort === config.comfyuiPort
      : hostOf(request) === tabHost;

  /** Where ComfyUI is for a browser that came this way; null where it cannot get there: a proxy that speaks https stands before the one port only. */
  function tabOrigin(request: IncomingMessage): string | null {
    if (config.comfyuiOrigin !== null) return config.comfyuiOrigin;
    if (config.comfyuiPort === null || isHttps(request)) return null;
    return new URL(`http://${hostOf(request) ?? 'localhost'}:${config.comfyuiPort}`).origin;
  }

  /** Where the gallery leads to. An operator may have another ComfyUI for everybody. */
  function comfyuiUrl(request: IncomingMessage): string | null {
    if (config.comfyuiOrigin === null && config.comfyuiUrl !== null) return config.comfyuiUrl;
    const origin = tabOrigin(request);
    return origin === null ? null : `${origin}${OPEN}${config.comfyuiUrl ?? '/'}`;
  }

  return {
    isHttps,
    addressOf: config.proxies.addressOf,
    isTab,
    tabOrigin,
    comfyuiUrl,
    /** Where the gallery is, for a browser that came to ComfyUI. */
    galleryOrigin: (request: IncomingMessage): string =>
      config.publicUrl ?? `http://${hostOf(request) ?? 'localhost'}:${config.port}`,
    site: (request: IncomingMessage): Site => ({ isTab: isTab(request), secure: isHttps(request) }),
    /** True without an Origin header: browsers always send one with what could do harm. */
    isAllowed(request: IncomingMessage): boolean {
      const { origin } = request.headers;
      if (origin === undefined) return !/^(cross|same)-site$/.test(request.headers['sec-fetch-site']?.toString() ?? '');
      if (isTab(request)) return origin === tabOrigin(request);
      return origin === ownOrigin(request) || named.has(origin);
    },
    /** The foreign origin that may read our answers, or null. */
    foreign(request: IncomingMessage): string | null {
      const { origin } = request.headers;
      if (isTab(request)) return null;
      return origin !== undefined && origin !== ownOrigin(request) && named.has(origin) ? origin : null;
    },
  };
}
export type Origins = ReturnType<typeof createOrigins>;
