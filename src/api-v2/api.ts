import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRouter } from '#src/domain/routing.ts';
import { isWithin, outOfScope, scopeOf } from '#src/domain/users/token-scope.ts';
import type { Log } from '#src/ports/log.ts';
import { assetOperations } from './asset-operations.ts';
import { type ApiAssetDeps, apiAssetRoutes } from './assets.ts';
import type { ApiCall, ApiCaller, ApiRoutes } from './call.ts';
import { documentPage } from './document-page.ts';
import { API_STATUS, ApiError, errorEnvelope, toApiError } from './errors.ts';
import { createIdempotency } from './idempotency.ts';
import { jobOperations } from './job-operations.ts';
import { type ApiJobDeps, apiJobRoutes } from './jobs.ts';
import { openApiDocument } from './openapi.ts';
import type { ApiOperations } from './operations.ts';

export type ApiV2Deps = ApiJobDeps &
  ApiAssetDeps &
  Parameters<typeof createIdempotency>[0] & {
    log: Log;
    readBody: (
      request: IncomingMessage,
      response: ServerResponse,
      bounds: { most: number; who: string },
    ) => Promise<unknown>;
  };

const MAX_BODY_BYTES = 16_000_000;

type Asked = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly url: URL };

function sayTo({ request, response }: Asked, json: string, status: number): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? '' : json);
}

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function sayPage({ request, response }: Asked, html: string): void {
  response.setHeader('content-security-policy', PAGE_POLICY);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(request.method === 'HEAD' ? '' : html);
}

/** The official Comfy API v2 for one person, from our queue, inputs and results. */
export function createApiV2(deps: ApiV2Deps) {
  const operations: ApiOperations = { ...jobOperations, ...assetOperations };
  const once = createIdempotency(deps);
  const routes: ApiRoutes = { ...apiJobRoutes(deps, once), ...apiAssetRoutes(deps, once) };
  const find = createRouter(routes);
  const document = openApiDocument(operations);

  /** What anybody may read. */
  const findDocument = createRouter({
    'GET /api/v2/openapi.json': (asked: Asked) => sayTo(asked, JSON.stringify(document), 200),
    'GET /api/v2': (asked: Asked, origin: string) =>
      sayPage(asked, documentPage(operations, origin, document.components.schemas)),
  });

  async function answer(asked: Asked, origin: string, caller: ApiCaller | null): Promise<void> {
    const { request, response, url } = asked;
    const method = request.method ?? 'GET';
    const open = findDocument(method, url.pathname);
    if (open.type === 'route') return open.handle(asked, origin);
    if (!caller)
      throw new ApiError(
        'unauthorized',
        'Send a personal token as “Authorization: Bearer TOKEN” or “X-API-Key: TOKEN”.',
      );
    const found = find(method, url.pathname);
    if (found.type === 'none') throw new ApiError('not_found', `There is nothing at ${url.pathname}.`);
    if (found.type === 'other-method')
      throw new ApiError('method_not_allowed', `${url.pathname} cannot be used with ${method}.`);
    const { actor, operator, scope } = caller;
    const needed = scopeOf(method);
    if (scope !== null && !isWithin(scope, needed)) throw new ApiError('forbidden', outOfScope(scope, false));
    // The audit log knows procedures and ComfyUI's routes, not these.
    if (operator !== null && needed !== 'read')
      throw new ApiError('forbidden', 'You are viewing as somebody else. This API can then only read.');
    const call: ApiCall = {
      ...asked,
      params: found.params,
      actor,
      origin,
      say: (body, status = 200) => sayTo(asked, JSON.stringify(body), status),
      sayText: (json) => sayTo(asked, json, 200),
      json: () => deps.readBody(request, response, { most: MAX_BODY_BYTES, who: actor.userId }),
    };
    await found.handle(call);
  }

  function refuse(asked: Asked, error: unknown): void {
    const apiError = toApiError(error);
    const { request, response, url } = asked;
    if (!apiError) deps.log.error({ err: error, method: request.method, path: url.pathname }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const said =
      apiError ?? new ApiError('internal_error', 'Something went wrong on the server. The error has been logged.');
    if (said.retryAfterSeconds !== undefined) response.setHeader('retry-after', said.retryAfterSeconds);
    if (said.code === 'unauthorized') response.setHeader('www-authenticate', 'Bearer');
    sayTo(asked, JSON.stringify(errorEnvelope(said)), API_STATUS[said.code]);
  }

  return {
    refuse,
    async handle(asked: Asked, origin: string, caller: ApiCaller | null): Promise<void> {
      try {
        await answer(asked, origin, caller);
      } catch (error) {
        refuse(asked, error);
      }
    },
  };
}
export type ApiV2 = ReturnType<typeof createApiV2>;
