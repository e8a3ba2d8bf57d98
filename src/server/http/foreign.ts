import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Origins } from './requests.ts';

/** What a page of another origin may send and read. */
export type ForeignUse = { readonly methods: string; readonly send: string; readonly read: string };

/** Lets the origins in ALLOWED_ORIGINS read an answer. True where a browser only asked whether it may, which is answered. */
export function allowForeign(
  origins: Pick<Origins, 'foreign'>,
  request: IncomingMessage,
  response: ServerResponse,
  use: ForeignUse,
): boolean {
  const origin = origins.foreign(request);
  if (origin !== null) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-allow-headers', use.send);
    response.setHeader('access-control-allow-methods', use.methods);
    response.setHeader('access-control-expose-headers', use.read);
    response.setHeader('vary', 'origin');
  }
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204).end();
  return true;
}
