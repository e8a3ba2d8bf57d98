import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Origins } from './requests.ts';

/** Lets the origins in ALLOWED_ORIGINS read an answer. True where a browser only asked whether it may, which is answered. */
export function allowForeign(
  origins: Pick<Origins, 'foreign'>,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const origin = origins.foreign(request);
  if (origin !== null) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader(
      'access-control-allow-headers',
      'content-type, authorization, x-api-key, idempotency-key, range, user-agent',
    );
    response.setHeader('access-control-allow-methods', 'GET, HEAD, POST, DELETE');
    response.setHeader(
      'access-control-expose-headers',
      'date, retry-after, idempotency-replayed, ratelimit-limit, ratelimit-remaining, ratelimit-reset, content-range',
    );
    response.setHeader('vary', 'origin');
  }
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204).end();
  return true;
}
