import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { ALIVE } from '#src/domain/job.ts';
import { settingsChange } from '#src/domain/settings.ts';
import { userName } from '#src/domain/user.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import { createParticipants } from '#src/services/participants/create-participants.ts';
import { resetPassphrase } from '#src/services/participants/reset-passphrase.ts';
import { setEnabled } from '#src/services/participants/set-enabled.ts';
import { listStrays } from '#src/services/storage/list-strays.ts';
import { presentJobs } from './present.ts';
import { type ApiDeps, id, operatorProcedure, router } from './trpc.ts';

const MOST_LISTED = 200;

const participants = router({
  list: operatorProcedure.query(async ({ ctx }) => {
    const users = await ctx.deps.users.list();
    return users.map((user) => ({
      id: user.id,
      name: user.name,
      role: user.role,
      enabled: user.enabled,
      createdAt: new Date(user.createdAt).toISOString(),
      lastSeenAt: user.lastSeenAt === null ? null : new Date(user.lastSeenAt).toISOString(),
      jobs: user.jobs,
    }));
  }),
  create: operatorProcedure
    .input(z.object({ names: z.array(userName).min(1).max(200) }))
    .mutation(({ ctx, input }) => createParticipants(ctx.deps, input.names)),
  setEnabled: operatorProcedure.input(z.object({ id, enabled: z.boolean() })).mutation(async ({ ctx, input }) => {
    await setEnabled(ctx.deps, ctx.actor, input);
    return { ok: true };
  }),
  resetPassphrase: operatorProcedure
    .input(z.object({ id }))
    .mutation(({ ctx, input }) => resetPassphrase(ctx.deps, input.id)),
});

async function queueState(deps: ApiDeps) {
  const [settings, counts] = await Promise.all([deps.settings.read(), deps.jobs.counts()]);
  return {
    intake: settings.intakePaused ? ('paused' as const) : ('open' as const),
    dispatch: settings.dispatchPaused ? ('paused' as const) : ('running' as const),
    waiting: counts.waiting,
    inFlight: counts.inFlight,
  };
}

const queue = router({
  state: operatorProcedure.query(({ ctx }) => queueState(ctx.deps)),
  /** Nothing more is sent to GPUs; what waits keeps its place. With `intake`, no new jobs are taken either. */
  pause: operatorProcedure
    .input(z.object({ intake: z.boolean().default(false) }).prefault({}))
    .mutation(async ({ ctx, input }) => {
      await ctx.deps.settings.change({ dispatchPaused: true, ...(input.intake && { intakePaused: true }) });
      return queueState(ctx.deps);
    }),
  /** What waits is still sent, nothing new is taken: the line runs empty. */
  drain: operatorProcedure.mutation(async ({ ctx }) => {
    await ctx.deps.settings.change({ dispatchPaused: false, intakePaused: true });
    return queueState(ctx.deps);
  }),
  resume: operatorProcedure.mutation(async ({ ctx }) => {
    await ctx.deps.settings.change({ dispatchPaused: false, intakePaused: false });
    return queueState(ctx.deps);
  }),
  /** Everybody's jobs that wait or are on GPUs, in the order of their turns. */
  jobs: operatorProcedure.query(async ({ ctx }) => {
    const { items } = await ctx.deps.jobs.list({ userId: null, statuses: ALIVE, limit: MOST_LISTED, cursor: null });
    const names = new Map((await ctx.deps.users.list()).map(({ id, name }) => [id, name]));
    const views = await presentJobs(ctx.deps, items, ctx.actor.role);
    const rows = views.map((view, index) => ({
      ...view,
      owner: names.get(items[index]?.userId ?? '') ?? '',
      priority: items[index]?.priority ?? 0,
    }));
    return rows.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  }),
  prioritise: operatorProcedure
    .input(z.object({ id, priority: z.number().int().min(0).max(9) }))
    .mutation(async ({ ctx, input }) => {
      if (!(await ctx.deps.jobs.setPriority(input.id, input.priority, ctx.deps.clock.now())))
        throw new AppError('conflict', 'This job is not waiting in line any more.');
      return { ok: true };
    }),
});

const storage = router({
  /** Looks through the whole share: only when an operator asks. */
  strays: operatorProcedure.query(async ({ ctx }) => {
    const { strays, more } = await listStrays(ctx.deps);
    return {
      more,
      strays: strays.map(({ path, bytes, changedAt }) => ({
        path,
        bytes,
        changedAt: new Date(changedAt).toISOString(),
      })),
    };
  }),
});

const settingsRouter = router({
  get: operatorProcedure.query(({ ctx }) => ctx.deps.settings.read()),
  change: operatorProcedure.input(settingsChange).mutation(({ ctx, input }) => ctx.deps.settings.change(input)),
});

const endpointInput = z.object({
  name: z.string().trim().min(1).max(60),
  url: z.url({ protocol: /^https?$/ }),
  gpu: z.string().trim().max(60).default(''),
  pricing: z.enum(['spot', 'on-demand']).default('on-demand'),
  capacity: z.number().int().min(1).max(1000).default(1),
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .nullable()
    .default(null),
});

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

const present = (
  { id, name, url, gpu, pricing, capacity, enabled }: Endpoint,
  inFlight: number,
  restsUntil: number | null,
) => ({
  id,
  name,
  url,
  gpu,
  pricing,
  capacity,
  enabled,
  inFlight,
  restsUntil: iso(restsUntil),
});

const endpoints = router({
  list: operatorProcedure.query(async ({ ctx }) => {
    const [list, counts] = await Promise.all([ctx.deps.endpoints.list(), ctx.deps.jobs.counts()]);
    return list.map((endpoint) =>
      present(endpoint, counts.inFlightByEndpoint.get(endpoint.id) ?? 0, ctx.deps.breakers.restsUntil(endpoint.id)),
    );
  }),
  upsert: operatorProcedure
    .input(endpointInput)
    .mutation(async ({ ctx, input }) => present(await ctx.deps.endpoints.upsert(input, ctx.deps.clock.now()), 0, null)),
  setEnabled: operatorProcedure.input(z.object({ id, enabled: z.boolean() })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.endpoints.setEnabled(input.id, input.enabled)))
      throw new AppError('not_found', 'There is no such endpoint.');
    return { ok: true };
  }),
});

export const admin = router({ participants, queue, endpoints, storage, settings: settingsRouter });
