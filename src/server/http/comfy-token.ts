import type { IncomingMessage } from 'node:http';
import { bearerOf, urlOf } from './requests.ts';

/** Programs that can send no header put the token in front of every path. */
const IN_PATH = /^\/t\/([^/]+)(?=\/|$)/;

const passwordOf = (header: string): string | null => {
  const basic = /^Basic\s+(\S+)$/i.exec(header)?.[1];
  if (basic === undefined) return null;
  const text = Buffer.from(basic, 'base64').toString();
  return text.slice(text.indexOf(':') + 1) || null;
};

const only = (header: string | string[] | undefined): string | null =>
  (Array.isArray(header) ? header[0] : header)?.trim() || null;

/** The personal token of a program that speaks to ComfyUI, in whichever of the ways it can: Bearer, Basic (as the password), `X-API-Key`, `?token=`, `/t/<token>/…`. */
export const comfyTokenOf = (request: IncomingMessage, url: URL): string | null =>
  bearerOf(request) ??
  passwordOf(request.headers.authorization ?? '') ??
  only(request.headers['x-api-key']) ??
  (url.searchParams.get('token') || null) ??
  IN_PATH.exec(url.pathname)?.[1] ??
  null;

/** For logs: no query, which may hold secrets, and no token in the path. */
export const loggedPath = (request: IncomingMessage): string => urlOf(request).pathname.replace(IN_PATH, '/t/-');

export function withoutToken(url: URL): URL {
  const bare = new URL(url);
  bare.pathname = bare.pathname.replace(IN_PATH, '') || '/';
  bare.searchParams.delete('token');
  return bare;
}
