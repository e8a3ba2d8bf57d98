import type { IncomingMessage } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import { isOfEarlierVersion } from '#src/domain/users/session.ts';
import type { Identity } from '#src/services/session/identify.ts';

/** For which of the two origins, and whether its browsers speak https. */
export type Site = { readonly isTab: boolean; readonly secure: boolean };

/** Over http, where browsers refuse the prefix; and of versions before it. */
export const COOKIE = 'comfyume_session';
/** Browsers take it only from the host itself and over https, so that no neighbour can put one there. */
const HOST_COOKIE = `__Host-${COOKIE}`;
const TAB = 'comfyume_tab';
const ENTERING = 'comfyume_entering';
const DEVICE = 'comfyume_device';
const DEVICE_S = 365 * 86_400;
/** Whose ComfyUI this browser had last. */
const LAST_PERSON = 'comfyume_last';
/** Time enough to sign in on the way. */
const ENTERING_S = 3600;

type Lasting = { readonly token: string; readonly expiresAt: number };

const named = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name);
const cookiesOf = (request: IncomingMessage) => parseCookie(request.headers.cookie ?? '');

/** The session's token. Over https the old name counts only for sessions that were opened before there was the new one. */
export function sessionTokenOf(request: IncomingMessage, { isTab, secure }: Site): string | null {
  const cookies = cookiesOf(request);
  if (isTab) return cookies[named(TAB, secure)] ?? null;
  const [host, plain] = [cookies[HOST_COOKIE], cookies[COOKIE]];
  if (!secure) return plain ?? null;
  return host ?? (plain !== undefined && isOfEarlierVersion(plain) ? plain : null);
}

export const deviceOf = (request: IncomingMessage, secure: boolean): string | null =>
  cookiesOf(request)[named(DEVICE, secure)] ?? null;

/** By which a browser that is on its way to a ComfyUI tab is known again. */
export const enteringOf = (request: IncomingMessage, secure: boolean): string | null =>
  cookiesOf(request)[named(ENTERING, secure)] ?? null;
export const enteringCookie = (secret: string, secure: boolean): string =>
  line(named(ENTERING, secure), secret, secure, ENTERING_S);

/** What tells one person from another, and nobody who they are. */
export const lastPersonOf = (request: IncomingMessage, secure: boolean): string | null =>
  cookiesOf(request)[named(LAST_PERSON, secure)] ?? null;
export const lastPersonCookie = (person: string, secure: boolean): string =>
  line(named(LAST_PERSON, secure), person, secure, DEVICE_S);

function line(name: string, value: string, secure: boolean, maxAge: number): string {
  return stringifySetCookie({ name, value, path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge });
}

/** Null removes it. */
export function sessionCookies(session: Lasting | null, { isTab, secure }: Site, now: number): string[] {
  const [token, maxAge] = session ? [session.token, Math.round((session.expiresAt - now) / 1000)] : ['', 0];
  if (isTab) return [line(named(TAB, secure), token, secure, maxAge)];
  if (!secure) return [line(COOKIE, token, false, maxAge)];
  return [line(HOST_COOKIE, token, true, maxAge), line(COOKIE, '', true, 0)];
}

export const deviceCookie = (token: string, secure: boolean): string =>
  line(named(DEVICE, secure), token, secure, DEVICE_S);

/** What the browser's copy of a session becomes that was just prolonged, or that has the old name still. */
export function renewedCookie(request: IncomingMessage, identity: Identity, site: Site, now: number): string | null {
  const token = sessionTokenOf(request, site);
  if (token === null || identity.expiresAt === null) return null;
  const isOldName = site.secure && !site.isTab && cookiesOf(request)[HOST_COOKIE] === undefined;
  if (!identity.isRenewed && !isOldName) return null;
  // One line: nginx hands on no more of what it is told when it asks who comes.
  return sessionCookies({ token, expiresAt: identity.expiresAt }, site, now)[0] ?? null;
}
