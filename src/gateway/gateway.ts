import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AppError, appErrorIn, type ErrorCode } from '#src/domain/errors.ts';
import { createRouter } from '#src/domain/routing.ts';
import { isWithin, outOfScope, type Scope, scopeOf } from '#src/domain/users/token-scope.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { assetRoutes } from './assets.ts';
import { type FrontEndRouteDeps, frontEndRoutes } from './front-end.ts';
import { historyRoutes } from './history.ts';
import { internalRoutes } from './internal.ts';
import { jobRoutes } from './jobs.ts';
import { modelRoutes } from './models.ts';
import { type NodeDeps, nodeRoutes } from './nodes.ts';
import { promptRoutes } from './prompt.ts';
import { queueRoutes } from './queue.ts';
import type { Call, Routes } from './routes.ts';
import { settingRoutes } from './settings.ts';
import { systemRoutes } from './system.ts';
import { uploadRoutes } from './uploads.ts';
import { userdataRoutes } from './userdata.ts';
import { viewRoutes } from './view.ts';

/** Who asks. `scope` of the token, or of the session of this page. */
export type ComfyCaller = {
  readonly actor: Actor;
  /** Who impersonates the actor. */
  readonly operator: Actor | null;
  readonly scope: Scope;
  readonly isSession: boolean;
};

type Read<Body> = (
  request: IncomingMessage,
  response: ServerResponse,
  bounds: { most: number; who: string },
) => Promise<Body>;

export type GatewayDeps = NodeDeps &
  FrontEndRouteDeps &
  Parameters<typeof modelRoutes>[0] &
  Parameters<typeof systemRoutes>[0] &
  Parameters<typeof settingRoutes>[0] &
  Parameters<typeof userdataRoutes>[0] &
  Parameters<typeof uploadRoutes>[0] &
  Parameters<typeof viewRoutes>[0] &
  Parameters<typeof internalRoutes>[0] &
  Parameters<typeof promptRoutes>[0] &
  Parameters<typeof queueRoutes>[0] &
  Parameters<typeof historyRoutes>[0] &
  Parameters<typeof jobRoutes>[0] & {
    auditLog: Pick<AuditLog, 'record'>;
    clock: Clock;
    log: Log;
    statusOf: (code: ErrorCode) => number;
    readBody: Read<unknown>;
    readBytes: Read<Uint8Array>;
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

/** What a parser says of a body or a query that is not what it should be. */
function asAppError(error: unknown): AppError | null {
  if (error instanceof SyntaxError)
    return new AppError('invalid_input', 'The request is not valid JSON.', { cause: error });
  if (error instanceof z.ZodError)
    return new AppError(
      'invalid_input',
      error.issues.map(({ path, message }) => `${path.join('.') || 'The request'}: ${message}`).join('; '),
      { cause: error },
    );
  return appErrorIn(error);
}

/** ComfyUI's own HTTP API for one person, from our queue, inputs and results. */
export function createGateway(deps: GatewayDeps) {
  const routes: Routes = {
    ...systemRoutes(deps),
    ...settingRoutes(deps),
    ...userdataRoutes(deps),
    ...uploadRoutes(deps),
    ...viewRoutes(deps),
    ...internalRoutes(deps),
    ...assetRoutes(),
    ...promptRoutes(deps),
    ...queueRoutes(deps),
    ...historyRoutes(deps),
    ...jobRoutes(deps),
    ...nodeRoutes(deps),
    ...modelRoutes(deps),
    ...frontEndRoutes(deps),
  };
  const find = createRouter(routes);

  /** What an operator changes in a participant's ComfyUI is recorded with the operator's own name. */
  async function handle({ actor, operator }: ComfyCaller, what: string, act: () => Promise<void>): Promise<void> {
    if (!operator) return act();
    const entry = {
      at: deps.clock.now(),
      actor: { id: operator.userId, name: operator.name },
      onBehalfOf: { id: actor.userId, name: actor.name },
      type: 'comfyui.changed',
      subjectId: actor.userId,
      detail: { as: actor.name, what },
    };
    return deps.auditLog.record(entry, act);
  }

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    caller: ComfyCaller | null,
  ): Promise<void> => {
    const sayText = (text: string, status = 200): void => {
      if (response.headersSent) return;
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? '' : text);
    };
    const say = (body: unknown, status = 200): void => sayText(JSON.stringify(body), status);
    const refuse = (code: ErrorCode, message: string, status = deps.statusOf(code)): void =>
      say(errorBody({ code, message, nodeErrors: undefined, promptError: undefined }), status);

    const method = request.method ?? 'GET';
    if (!caller) return refuse('not_signed_in', 'Please sign in, or send a personal token.');
    const found = find(method, url.pathname);
    if (found.type === 'none') return refuse('not_found', 'ComfyUI has nothing at this address here.');
    if (found.type === 'other-method')
      return refuse('invalid_input', `${method} is not what this address is asked with.`, 405);
    if (!isWithin(caller.scope, scopeOf(method)))
      return refuse('forbidden', outOfScope(caller.scope, caller.isSession));
    const { actor } = caller;
    const who = actor.userId;
    const call: Call = {
      request,
      response,
      url,
      params: found.params,
      actor,
      say,
      sayText: (text) => sayText(text),
      json: () => deps.readBody(request, response, { most: MAX_BODY_BYTES, who }),
      bytes: (most) => deps.readBytes(request, response, { most, who }),
    };
    const act = async () => found.handle(call);
    try {
      await (scopeOf(method) === 'read' ? act() : handle(caller, `${method} ${found.route}`, act));
    } catch (error) {
      const appError = asAppError(error);
      if (!appError) throw error;
      if (appError.retryAfterSeconds !== undefined) response.setHeader('retry-after', appError.retryAfterSeconds);
      say(errorBody(appError), deps.statusOf(appError.code));
    }
  };
}
export type Gateway = ReturnType<typeof createGateway>;
