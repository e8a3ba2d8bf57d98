import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Read by src/app/layout.tsx. */
const NONCE_HEADER = 'x-nonce';

/** In development Next evaluates what it reloads. */
function policy(nonce: string, sockets: string, dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src 'self' ${sockets}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Every page has a nonce of its own, which Next finds in the request; scripts that lie in files need none and are kept by browsers as before. */
export function setPagePolicy(request: IncomingMessage, response: ServerResponse, secure: boolean, dev: boolean): void {
  const nonce = randomBytes(16).toString('base64');
  // Not every browser takes a socket to this address for 'self'.
  const text = policy(nonce, `${secure ? 'wss' : 'ws'}://${request.headers.host ?? ''}`, dev);
  request.headers['content-security-policy'] = text;
  request.headers[NONCE_HEADER] = nonce;
  response.setHeader('content-security-policy', text);
}
