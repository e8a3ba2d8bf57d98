import { initTRPC, type TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { z } from 'zod';
import { AppError, appErrorIn, type ErrorCode } from '#src/domain/errors.ts';
import { auditDetail, auditSubject } from '#src/domain/events/audit-detail.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { isWithin, outOfScope, type Scope, scopeNeeded } from '#src/domain/users/token-scope.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { AnnouncementStore } from '#src/ports/announcement.ts';
import type { AskEndpoint } from '#src/ports/ask-endpoint.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Backups } from '#src/ports/backup.ts';
import type { Breakers } from '#src/ports/breakers.ts';
import type { LastDay } from '#src/ports/class-reading.ts';
import type { ClientLogs, LogGuard } from '#src/ports/client-logs.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { Estimates, Measurements } from '#src/ports/estimates.ts';
import type { Bus, EventLog } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { JoinGuard, LoginGuard } from '#src/ports/guards.ts';
import type { HealthCheck } from '#src/ports/health-check.ts';
import type { IgnoredOrphans } from '#src/ports/ignored-orphans.ts';
import type { InputShare, InputStore } from '#src/ports/inputs.ts';
import type { JobBoard } from '#src/ports/job-board.ts';
import type { JobStore } from '#src/ports/jobs.ts';
import type { JoinCodes } from '#src/ports/join-codes.ts';
import type { Log } from '#src/ports/log.ts';
import type { AppearanceOf } from '#src/ports/lookalikes.ts';
import type { ModelFolder } from '#src/ports/model-folder.ts';
import type { Monitoring } from '#src/ports/monitoring.ts';
import type { Passwords } from '#src/ports/passwords.ts';
import type { Platform, PlatformBoard } from '#src/ports/platform.ts';
import type { Positions } from '#src/ports/positions.ts';
import type { Presence } from '#src/ports/presence.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { Reserve } from '#src/ports/reserve.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Share } from '#src/ports/share.ts';
import type { SystemCheck } from '#src/ports/system-check.ts';
import type { Turns } from '#src/ports/turns.ts';
import type { UserStore } from '#src/ports/users.ts';
import type { StopAttempt } from '#src/ports/worker.ts';
import type { WorkerVersions } from '#src/ports/worker-versions.ts';
import type { WorkflowStore } from '#src/ports/workflows.ts';

export type ApiDeps = {
  jobs: JobStore;
  gallery: Gallery;
  reserve: Reserve;
  share: Share;
  inputs: InputStore;
  inputShare: InputShare;
  results: ResultStore;
  users: UserStore;
  joinCodes: JoinCodes;
  endpoints: EndpointStore;
  /** The variables that may hold their keys, besides COMFY_KEY…. */
  endpointKeys: readonly string[];
  settings: SettingStore;
  events: EventLog;
  auditLog: AuditLog;
  backups: Backups;
  jobBoard: JobBoard;
  lastDay: LastDay;
  condition: HealthCheck;
  monitoring: Monitoring;
  workflows: WorkflowStore;
  announcements: AnnouncementStore;
  clientLogs: ClientLogs;
  logGuard: LogGuard;
  /** For mutations of participants, and for their queries. */
  calls: Turns;
  queries: Turns;
  /** For pages of what feeds missed, one after another. */
  replays: Turns;
  bus: Bus;
  positions: Positions;
  presence: Presence;
  estimates: Estimates;
  measurements: Measurements;
  breakers: Breakers;
  /** Null = none is configured. */
  platform: Platform | null;
  platformBoard: PlatformBoard;
  passwords: Passwords;
  guard: LoginGuard;
  joinGuard: JoinGuard;
  appearanceOf: AppearanceOf;
  clock: Clock;
  random: Random;
  log: Log;
  stopAttempt: StopAttempt;
  workerVersions: WorkerVersions;
  askEndpoint: AskEndpoint;
  systemCheck: SystemCheck;
  modelFolder: ModelFolder;
  ignoredOrphans: IgnoredOrphans;
  about: { demo: boolean; version: string; publicUrl: string | null; comfyuiUrl: string | null };
};

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
  /** What this browser was given when somebody signed in with it. */
  device: string | null;
  /** Sets or, with null, removes the session cookie, and sets what the browser is known by. Null on a socket, which cannot, and for ComfyUI tabs, which get none of it. */
  setSession: ((session: { token: string; expiresAt: number } | null, device?: string) => void) | null;
  /** How many subscriptions this socket has. */
  subscriptions: { open: number };
};

const TRPC_CODES = {
  invalid_input: 'BAD_REQUEST',
  invalid_graph: 'BAD_REQUEST',
  not_signed_in: 'UNAUTHORIZED',
  wrong_credentials: 'UNAUTHORIZED',
  too_many_attempts: 'TOO_MANY_REQUESTS',
  forbidden: 'FORBIDDEN',
  foreign_origin: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  too_large: 'PAYLOAD_TOO_LARGE',
  too_many_jobs: 'TOO_MANY_REQUESTS',
  shutting_down: 'SERVICE_UNAVAILABLE',
  file_changed: 'CONFLICT',
  foreign_file: 'CONFLICT',
  storage_full: 'SERVICE_UNAVAILABLE',
  share_unavailable: 'SERVICE_UNAVAILABLE',
  platform_unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>;

const INTERNAL = 'Something went wrong on the server. The error has been logged. Please try again.';

/** What a caller is told of an error: our own words, zod's findings, tRPC's own refusals; anything else is "internal". */
function toAppError(error: TRPCError): AppError {
  const { cause } = error;
  const appError = appErrorIn(cause);
  if (appError) return appError;
  if (cause instanceof z.ZodError)
    return new AppError(
      'invalid_input',
      cause.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; '),
      { cause },
    );
  if (error.code === 'PAYLOAD_TOO_LARGE')
    return new AppError('too_large', 'The request is too large.', { cause: error });
  if (error.code === 'NOT_FOUND') return new AppError('not_found', 'Unknown procedure.', { cause: error });
  if (error.code === 'INTERNAL_SERVER_ERROR') return new AppError('internal', INTERNAL, { cause: error });
  return new AppError('invalid_input', error.message, { cause: error });
}

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

/** For what is answered without tRPC. */
export const httpStatusOf = (code: ErrorCode): number =>
  getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODES[code] }));

export const { router, createCallerFactory } = t;

/** What somebody may not do, or proves to be who they are not. Others' things are "not found" to everybody, so only the operators' procedures show up here. */
const isRefusal = (code: ErrorCode, path: string): boolean =>
  code === 'forbidden' ||
  code === 'wrong_credentials' ||
  code === 'too_many_attempts' ||
  (code === 'not_found' && path.startsWith('admin.'));

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

export const publicProcedure = base.meta({ maxBytes: REQUEST.publicBytes });

/** What an operator changes while impersonating somebody is logged with the operator's own name. */
export const userProcedure = base
  .meta({ maxBytes: REQUEST.bytes })
  .use(async ({ ctx, next, type, path, getRawInput }) => {
    const { actor, operator, deps, scope, sessionId } = ctx;
    if (!actor) throw new AppError('not_signed_in', 'Please sign in.');
    if (scope !== null && !isWithin(scope, scopeNeeded(type, path)))
      throw new AppError('forbidden', outOfScope(scope, sessionId !== null));
    const isBounded = actor.role === 'participant' && type !== 'subscription';
    const turns = type === 'query' ? deps.queries : deps.calls;
    const end = isBounded ? await turns(actor.userId) : () => undefined;
    const result = await next({ ctx: { ...ctx, actor } }).finally(end);
    if (operator && type === 'mutation' && result.ok)
      await deps.auditLog.write({
        at: deps.clock.now(),
        actor: { id: operator.userId, name: operator.name },
        type: path,
        subjectId: auditSubject(await getRawInput()) ?? actor.userId,
        detail: { as: actor.name },
      });
    return result;
  });

export const onlyHerself = ({ name }: Actor): AppError =>
  new AppError('forbidden', `You are viewing as ${name}. Only ${name} can do this.`);

/** What nobody else may do, not even an operator who looks through the user's eyes. */
export const ownProcedure = userProcedure.use(({ ctx, next }) => {
  if (ctx.operator) throw onlyHerself(ctx.actor);
  return next();
});

/** Others learn only that there is nothing. What an operator has changed is logged. */
export const operatorProcedure = userProcedure.use(async ({ ctx, next, type, path, getRawInput }) => {
  const { actor, deps } = ctx;
  if (actor.role !== 'operator') throw new AppError('not_found', 'Unknown procedure.');
  const result = await next({ ctx });
  if (type === 'mutation' && result.ok) {
    const input = await getRawInput();
    await deps.auditLog.write({
      at: deps.clock.now(),
      actor: { id: actor.userId, name: actor.name },
      type: path,
      subjectId: auditSubject(input),
      detail: auditDetail(input),
    });
  }
  return result;
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
