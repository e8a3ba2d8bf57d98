import { z } from 'zod';
import { endpointFields } from '#src/domain/endpoints/endpoint.ts';
import { endpointAnswerWords } from '#src/domain/endpoints/endpoint-test.ts';
import { nextWarmUp, warmStateOf } from '#src/domain/endpoints/warm-up.ts';
import { AppError } from '#src/domain/errors.ts';
import { wasHeld } from '#src/domain/jobs/estimate.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import { keepWarm } from '#src/services/endpoints/keep-warm.ts';
import { livesOf } from '#src/services/endpoints/lives-of.ts';
import { removeEndpoint } from '#src/services/endpoints/remove-endpoint.ts';
import { saveEndpoint } from '#src/services/endpoints/save-endpoint.ts';
import { type ApiDeps, id, operatorProcedure, router } from '../trpc.ts';

const MAX_STARTS = 20;
/** Less than proxies wait for an answer. */
const ASK_MS = 45_000;

const endpointInput = z.object({
  id: id.optional(),
  ...endpointFields,
  pricePerHour: z.number().min(0).max(10_000).nullable().optional(),
  deployment: z.string().trim().min(1).max(100).nullable().optional(),
});

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

const missing = () => new AppError('not_found', 'Endpoint not found.');

const present = (endpoint: Endpoint) => ({
  id: endpoint.id,
  name: endpoint.name,
  url: endpoint.url,
  gpu: endpoint.gpu,
  pricing: endpoint.pricing,
  capacity: endpoint.capacity,
  apiKeyVariable: endpoint.apiKeyVariable,
  enabled: endpoint.enabled,
  origin: endpoint.origin,
  place: endpoint.place,
  pricePerHour: endpoint.pricePerHour,
  deployment: endpoint.deployment,
  keepWarmUntil: isoOrNull(endpoint.keepWarmUntil),
  warmWorkflowId: endpoint.warmWorkflowId,
});

async function warmth(deps: ApiDeps, endpoint: Endpoint, staysWarmMs: number) {
  const [lives, recent] = await Promise.all([
    livesOf(deps, endpoint.id),
    deps.measurements.recent(endpoint.id, MAX_STARTS),
  ]);
  const now = deps.clock.now();
  const seen = warmStateOf(lives, now, staysWarmMs);
  const next = endpoint.keepWarmUntil === null ? null : nextWarmUp(lives, null, now, staysWarmMs);
  return {
    warmth: {
      state: seen.state,
      since: 'since' in seen ? iso(seen.since) : null,
      lastLife: 'lastLife' in seen ? iso(seen.lastLife) : null,
    },
    nextWarmUp: isoOrNull(
      next !== null && endpoint.keepWarmUntil !== null && next < endpoint.keepWarmUntil ? next : null,
    ),
    /** Newest first: from being sent to the first activity. */
    starts: recent.map((sample) => ({
      at: iso(sample.sentAt),
      ms: Math.max(0, sample.startedAt - sample.sentAt),
      cold: wasHeld(sample),
    })),
  };
}

async function known(deps: ApiDeps, endpointId: string): Promise<Endpoint> {
  const endpoint = (await deps.endpoints.list()).find((one) => one.id === endpointId);
  if (!endpoint) throw missing();
  return endpoint;
}

export const endpoints = router({
  /** In the order in which they are given jobs. */
  list: operatorProcedure.query(async ({ ctx: { deps } }) => {
    const [list, counts, settings] = await Promise.all([
      deps.endpoints.list(),
      deps.jobs.counts(),
      deps.settings.read(),
    ]);
    return Promise.all(
      list.map(async (endpoint) => ({
        ...present(endpoint),
        inFlight: counts.inFlightByEndpoint.get(endpoint.id) ?? 0,
        restsUntil: isoOrNull(deps.breakers.restsUntil(endpoint.id)),
        closedUntil: isoOrNull(deps.breakers.closedUntil(endpoint.id)),
        busyUntil: isoOrNull(deps.breakers.busyUntil().get(endpoint.id) ?? null),
        ...(await warmth(deps, endpoint, settings.staysWarmMs)),
      })),
    );
  }),
  /** With `id`, changes that one; else the one of this name, or adds it. */
  upsert: operatorProcedure.input(endpointInput).mutation(async ({ ctx, input }) => {
    const saved = await saveEndpoint(ctx.deps, input);
    return { ...present(saved), inFlight: 0, restsUntil: null };
  }),
  setEnabled: operatorProcedure.input(z.object({ id, enabled: z.boolean() })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.endpoints.setEnabled(input.id, input.enabled))) throw missing();
    return { ok: true };
  }),
  /** Jobs go to the first of these that has room; none named = to the one with most room. */
  order: operatorProcedure.input(z.object({ ids: z.array(id).max(200) })).mutation(async ({ ctx, input }) => {
    await ctx.deps.endpoints.order(input.ids);
    return { ok: true };
  }),
  remove: operatorProcedure.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    await removeEndpoint(ctx.deps, input.id);
    return { ok: true };
  }),
  /** Nothing is sent there for a while; jobs that are there go on. */
  close: operatorProcedure
    .input(z.object({ id, minutes: z.number().int().min(1).max(1440) }))
    .mutation(async ({ ctx: { deps }, input }) => {
      await known(deps, input.id);
      const until = deps.clock.now() + input.minutes * 60_000;
      deps.breakers.close(input.id, until);
      deps.bus.announce({ type: 'settings.changed' });
      return { closedUntil: iso(until) };
    }),
  /** Ends a rest or a closing now. */
  open: operatorProcedure.input(z.object({ id })).mutation(async ({ ctx: { deps }, input }) => {
    await known(deps, input.id);
    deps.breakers.open(input.id);
    deps.bus.announce({ type: 'settings.changed' });
    return { ok: true };
  }),
  /** Asks it how it is, which may start a GPU. */
  test: operatorProcedure.input(z.object({ id })).mutation(async ({ ctx: { deps }, input }) => {
    const endpoint = await known(deps, input.id);
    const began = deps.clock.now();
    const answer = await deps.askEndpoint(endpoint, AbortSignal.timeout(ASK_MS));
    const tookMs = Math.max(0, deps.clock.now() - began);
    return { ...endpointAnswerWords(answer, { tookMs, apiKeyVariable: endpoint.apiKeyVariable }), tookMs };
  }),
  keepWarm: operatorProcedure
    .input(z.object({ id, until: z.iso.datetime().transform((text) => Date.parse(text)), workflowId: id }))
    .mutation(async ({ ctx, input }) => {
      await keepWarm(ctx.deps, input);
      return { ok: true };
    }),
  stopWarming: operatorProcedure.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.endpoints.keepWarm(input.id, null))) throw missing();
    return { ok: true };
  }),
});
