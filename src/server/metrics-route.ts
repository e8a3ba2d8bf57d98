import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';
import { addressOf, proofOf } from './requests.ts';

const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Figures for Prometheus: for whoever has the token, or, where none is set, for programs on this machine and nobody who comes through a proxy. */
export function createMetricsRoute(metrics: Pick<Metrics, 'text' | 'contentType'>, token: string | null) {
  function refusal(request: IncomingMessage): 401 | 404 | 405 | null {
    if (token === null && !isLoopback(addressOf(request))) return 404;
    if (token !== null && !timingSafeEqual(digest(proofOf(request).bearer ?? ''), digest(token))) return 401;
    return request.method === 'GET' ? null : 405;
  }
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const status = refusal(request);
    if (status !== null) {
      response.writeHead(status, {
        'content-type': 'text/plain',
        ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      });
      response.end(status === 401 ? 'METRICS_TOKEN is needed as a bearer token.\n' : 'Not found.\n');
      return;
    }
    const text = await metrics.text();
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
    response.end(text);
  };
}
