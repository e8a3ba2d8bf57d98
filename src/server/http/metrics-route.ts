import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../state/metrics/metrics.ts';
import { isHere } from './proxies.ts';
import { bearerOf } from './requests.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Figures for Prometheus: for whoever has the token, or, where none is set, for programs on this machine and nobody who comes through a proxy. */
export function createMetricsRoute(metrics: Pick<Metrics, 'text' | 'contentType'>, token: string | null) {
  function refusal(request: IncomingMessage, isKnownHost: boolean): 401 | 404 | 405 | null {
    // Who has the token is no page that was brought here by another name.
    if (token === null && !(isKnownHost && isHere(request))) return 404;
    if (token !== null && !timingSafeEqual(digest(bearerOf(request) ?? ''), digest(token))) return 401;
    return request.method === 'GET' ? null : 405;
  }
  return async (request: IncomingMessage, response: ServerResponse, isKnownHost: boolean): Promise<void> => {
    const status = refusal(request, isKnownHost);
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
