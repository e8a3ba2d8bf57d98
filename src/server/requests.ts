import type { IncomingMessage } from 'node:http';
import type { ApiDeps, Context } from '#src/api/trpc.ts';
import type { Identity } from '#src/services/session/identify.ts';
import { deviceOf, sessionTokenOf } from './cookies.ts';

/** A proxy on this machine may tell whom it speaks for; anybody else may not. */
const viaLocalProxy = (request: IncomingMessage): boolean => {
  const address = request.socket.remoteAddress ?? '';
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
};

const lastOf = (header: string | string[] | undefined): string | null =>
  (Array.isArray(header) ? header.at(-1) : header)?.split(',').at(-1)?.trim() || null;

export function addressOf(request: IncomingMessage): string {
  const forwarded = viaLocalProxy(request) ? lastOf(request.headers['x-forwarded-for']) : null;
  return forwarded ?? request.socket.remoteAddress ?? 'unknown';
}

/** A program on this machine, and nobody who comes through a proxy. */
export const isHere = (request: IncomingMessage): boolean => /^(::1|(::ffff:)?127\..*)$/.test(addressOf(request));

/** What a procedure knows of a call. */
export const contextOf = (
  deps: ApiDeps,
  request: IncomingMessage,
  secure: boolean,
  identity: Identity | undefined,
  setSession: Context['setSession'],
): Context => ({
  deps,
  actor: identity?.actor ?? null,
  operator: identity?.operator ?? null,
  sessionId: identity?.sessionId ?? null,
  scope: identity?.scope ?? null,
  device: deviceOf(request, secure),
  address: addressOf(request),
  setSession,
  subscriptions: { open: 0 },
});

/** A browser can send no header of its own with a WebSocket, but it can name subprotocols: one of them carries the personal token, which an address would leave in logs. */
const TOKEN_PROTOCOL = /(?:^|,)\s*comfyume\.token\.([^\s,]+)/;

export const bearerOf = ({ headers }: IncomingMessage): string | null =>
  /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ??
  TOKEN_PROTOCOL.exec(headers['sec-websocket-protocol'] ?? '')?.[1] ??
  null;

export const proofOf = (request: IncomingMessage, secure: boolean) => ({
  bearer: bearerOf(request),
  cookie: sessionTokenOf(request, secure),
});

/** Where requests may come from: our own pages, and the origins that were named. */
export function createOrigins(config: { publicUrl: string | null; allowedOrigins: readonly string[] }) {
  const named = new Set([...config.allowedOrigins, ...(config.publicUrl ? [new URL(config.publicUrl).origin] : [])]);

  function isHttps(request: IncomingMessage): boolean {
    if (config.publicUrl?.startsWith('https:')) return true;
    return viaLocalProxy(request) && lastOf(request.headers['x-forwarded-proto']) === 'https';
  }

  const ownOrigin = (request: IncomingMessage): string =>
    `${isHttps(request) ? 'https' : 'http'}://${request.headers.host ?? ''}`;

  return {
    isHttps,
    /** True without an Origin header: browsers always send one with what could do harm. */
    isAllowed(request: IncomingMessage): boolean {
      const { origin } = request.headers;
      if (origin === undefined) return request.headers['sec-fetch-site'] !== 'cross-site';
      return origin === ownOrigin(request) || named.has(origin);
    },
    /** The foreign origin that may read our answers, or null. */
    foreign(request: IncomingMessage): string | null {
      const { origin } = request.headers;
      return origin !== undefined && origin !== ownOrigin(request) && named.has(origin) ? origin : null;
    },
  };
}
export type Origins = ReturnType<typeof createOrigins>;
