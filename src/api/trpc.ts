import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import { auditDetail, auditSubject } from '#src/domain/events/audit-detail.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { isWithin, outOfScope, type Scope, scopeNeeded } from '#src/domain/users/token-scope.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Turns } from '#src/ports/auth.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { isRefusal, TRPC_CODES, toAppError } from './errors.ts';

/** app/router.ts, which knows all routers, adds what they need. */
export interface ApiDeps {
  auditLog: AuditLog;
  /** For mutations of participants, and for their queries. */
  calls: Turns;
  queries: Turns;
  clock: Clock;
  log: Log;
}

/** One request, or one socket. */
export type Context = {
  deps: ApiDeps;
  actor: Actor | null;
  /** The operator who looks through the actor's eyes. */
  operator: Actor | null;
  sessionId: string | null;
  /** Of the token that asks, or of a session for the ComfyUI tab; null = a session in the gallery. */
  scope: Scope | null;
  address: string;
  /** Where ComfyUI is for whoever asks, `{user}` standing for their name; null = nowhere. */
  comfyuiUrl: string | null;
  /** What this browser was given when somebody signed in with it. */
  device: string | null;
  /** Sets or, with null, removes the session cookie, and sets what the browser is known by. Null on a socket, which cannot, and for ComfyUI tabs, which get none of it. */
  setSession: ((session: { token: string; expiresAt: number } | null, device?: string) => void) | null;
  /** How many subscriptions this socket has. */
  subscriptions: { open: number };
  /** What was written to this socket, and its peer has not taken yet. */
  unreadBytes(): number;
};

/** `maxBytes`: of the body of a request. */
type Meta = { maxBytes: number };

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    sse: { enabled: false },
    errorFormatter({ shape, error }) {
      const appError = toAppError(error);
      return {
        ...shape,
        message: appError.message,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          appError: appError.code,
          nodeErrors: appError.nodeErrors ?? null,
          retryAfterSeconds: appError.retryAfterSeconds ?? null,
        },
      };
    },
  });

export const { router, createCallerFactory } = t;

/** Gives our errors their HTTP status, and logs whole what nobody expected. */
const base = t.procedure.use(async ({ ctx, next, path }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause, code } = result.error;
  const appError = appErrorIn(cause);
  if (appError && isRefusal(appError.code, path))
    ctx.deps.log.info({ path, code: appError.code, user: ctx.actor?.userId ?? null, address: ctx.address }, 'refused');
  if (appError === null ? code === 'INTERNAL_SERVER_ERROR' : appError !== cause)
    ctx.deps.log.error({ err: result.error, path }, 'API call failed');
  if (appError) throw new TRPCError({ code: TRPC_CODES[appError.code], message: appError.message, cause: appError });
  return result;
});

/** A router’s procedures see only what it declares to need. */
export const seeing = <Slice>(slice: (deps: ApiDeps) => Slice) =>
  t.middleware(({ ctx, next }) => next({ ctx: { deps: slice(ctx.deps) } }));

export const publicProcedure = base.meta({ maxBytes: REQUEST.publicBytes });

/** What an operator changes in a participant's account is recorded with the operator's own name. */
export const userProcedure = base
  .meta({ maxBytes: REQUEST.bytes })
  .use(async ({ ctx, next, type, path, getRawInput }) => {
    const { actor, operator, deps, scope, sessionId } = ctx;
    if (!actor) throw new AppError('not_signed_in', 'Please sign in.');
    if (scope !== null && !isWithin(scope, scopeNeeded(type, path)))
      throw new AppError('forbidden', outOfScope(scope, sessionId !== null));
    const isBounded = actor.role === 'participant' && type !== 'subscription';
    const call = () => next({ ctx: { ...ctx, actor } });
    const turns = type === 'query' ? deps.queries : deps.calls;
    const act = () => (isBounded ? turns(actor.userId, call) : call());
    if (!operator || type !== 'mutation') return act();
    const entry = {
      at: deps.clock.now(),
      actor: { id: operator.userId, name: operator.name },
      onBehalfOf: { id: actor.userId, name: actor.name },
      type: path,
      subjectId: auditSubject(await getRawInput()) ?? actor.userId,
      detail: { as: actor.name },
    };
    return deps.auditLog.record(entry, () => done(act()));
  });

/** tRPC gives a failure as a value; whoever records an action must see it fail. */
async function done<Result extends { readonly ok: true } | { readonly ok: false; readonly error: TRPCError }>(
  acting: Promise<Result>,
): Promise<Result> {
  const result = await acting;
  if (!result.ok) throw result.error;
  return result;
}

export const onlyHerself = ({ name }: Actor): AppError =>
  new AppError('forbidden', `You are viewing as ${name}. Only ${name} can do this.`);

/** What nobody else may do, not even an operator who looks through the user's eyes. */
export const ownProcedure = userProcedure.use(({ ctx, next }) => {
  if (ctx.operator) throw onlyHerself(ctx.actor);
  return next();
});

/** Others learn only that there is nothing. What an operator changes is recorded. */
export const operatorProcedure = userProcedure.use(async ({ ctx, next, type, path, getRawInput }) => {
  const { actor, deps } = ctx;
  if (actor.role !== 'operator') throw new AppError('not_found', 'Unknown procedure.');
  if (type !== 'mutation') return next({ ctx });
  const input = await getRawInput();
  const entry = {
    at: deps.clock.now(),
    actor: { id: actor.userId, name: actor.name },
    type: path,
    subjectId: auditSubject(input),
    detail: auditDetail(input),
  };
  return deps.auditLog.record(entry, () => done(next({ ctx })));
});

export const id = z.string().min(1).max(64);
export const page = {
  limit: z.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .max(100)
    .nullish()
    .transform((cursor) => cursor ?? null),
};
