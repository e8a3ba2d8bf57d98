import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AppError, appErrorIn, type ErrorCode } from '#src/domain/errors.ts';
import { isWithin, outOfScope, type Scope } from '#src/domain/users/token-scope.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Log } from '#src/ports/log.ts';
import { type FrontEndRouteDeps, frontEndRoutes } from './front-end.ts';
import { modelRoutes } from './models.ts';
import { type NodeDeps, nodeRoutes } from './nodes.ts';
import { createRouter, type Routes, scopeOf } from './routes.ts';
import { systemRoutes } from './system.ts';

/** Who asks. `scope` of the token, or of the session of this page. */
export type ComfyCaller = { readonly actor: Actor; readonly scope: Scope; readonly isSession: boolean };

export type GatewayDeps = NodeDeps &
  FrontEndRouteDeps &
  Parameters<typeof modelRoutes>[0] & {
    log: Log;
    statusOf: (code: ErrorCode) => number;
    readBody: (
      request: IncomingMessage,
      response: ServerResponse,
      bounds: { most: number; who: string },
    ) => Promise<unknown>;
  };

/** A graph and the editor's own JSON beside it, as `jobs.submit` takes them. */
const MAX_BODY_BYTES = 16_000_000;

/** What ComfyUI itself would say, for clients that show it. */
const errorBody = ({
  code,
  message,
  nodeErrors,
  promptError,
}: Pick<AppError, 'code' | 'message' | 'nodeErrors' | 'promptError'>) => ({
  error: promptError ?? { type: code, message, details: '', extra_info: {} },
  node_errors: nodeErrors ?? {},
});

/** ComfyUI's own HTTP API for one person, from our queue, inputs and results. */
export function createGateway(deps: GatewayDeps) {
  const routes: Routes = { ...systemRoutes(), ...nodeRoutes(deps), ...modelRoutes(deps), ...frontEndRoutes(deps) };
  const find = createRouter(routes);

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    caller: ComfyCaller | null,
  ): Promise<void> => {
    const say = (body: unknown, status = 200): void => {
      if (response.headersSent) return;
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? '' : JSON.stringify(body));
    };
    const refuse = (code: ErrorCode, message: string, status = deps.statusOf(code)): void =>
      say(errorBody({ code, message, nodeErrors: undefined, promptError: undefined }), status);

    const method = request.method ?? 'GET';
    const path = url.pathname.replace(/^\/api(?=\/|$)/, '') || '/';
    if (!caller) return refuse('not_signed_in', 'Please sign in, or send a personal token.');
    const found = find(method, path);
    if (found.type === 'none') return refuse('not_found', 'ComfyUI has nothing at this address here.');
    if (found.type === 'other-method')
      return refuse('invalid_input', `${method} is not what this address is asked with.`, 405);
    if (!isWithin(caller.scope, scopeOf(method)))
      return refuse('forbidden', outOfScope(caller.scope, caller.isSession));
    const { actor } = caller;
    const json = () => deps.readBody(request, response, { most: MAX_BODY_BYTES, who: actor.userId });
    try {
      await found.handle({ request, response, url, params: found.params, actor, say, json });
    } catch (error) {
      const appError = appErrorIn(error);
      if (!appError) throw error;
      if (appError.retryAfterSeconds !== undefined) response.setHeader('retry-after', appError.retryAfterSeconds);
      say(errorBody(appError), deps.statusOf(appError.code));
    }
  };
}
export type Gateway = ReturnType<typeof createGateway>;
