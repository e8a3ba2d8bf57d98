import { z } from 'zod';
import { endpointFields } from '#src/domain/endpoints/endpoint.ts';
import { endpointAnswerWords } from '#src/domain/endpoints/endpoint-test.ts';
import { LISTENING_MODES, listens } from '#src/domain/endpoints/listening.ts';
import { nextWarmUp, warmStateOf } from '#src/domain/endpoints/warm-up.ts';
import { AppError } from '#src/domain/errors.ts';
import { wasHeld } from '#src/domain/jobs/estimate.ts';
import type { Breakers, Endpoint, EndpointStore, EndpointTests } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { EndpointUse, ListeningTests } from '#src/ports/listening.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Measurements } from '#src/ports/statistics.ts';
import type { AskEndpoint } from '#src/ports/worker.ts';
import { keepWarm } from '#src/services/endpoints/keep-warm.ts';
import { livesOf } from '#src/services/endpoints/lives-of.ts';
import { removeEndpoint } from '#src/services/endpoints/remove-endpoint.ts';
import { saveEndpoint } from '#src/services/endpoints/save-endpoint.ts';
import { startListeningTest } from '#src/services/endpoints/start-listening-test.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminEndpointsDeps = Parameters<typeof keepWarm>[0] &
  Parameters<typeof livesOf>[0] &
  Parameters<typeof removeEndpoint>[0] &
  Parameters<typeof saveEndpoint>[0] &
  Parameters<typeof startListeningTest>[0] & {
    askEndpoint: AskEndpoint;
    breakers: Breakers;
    bus: Bus;
    clock: Clock;
    endpoints: EndpointStore;
    endpointTests: EndpointTests;
    endpointUse: EndpointUse;
    listeningTests: ListeningTests;
    jobs: JobQueue;
    measurements: Measurements;
    settings: SettingStore;
  };

const operator = operatorProcedure.use(seeing((deps): AdminEndpointsDeps => deps));

const MAX_STARTS = 20;
/** Less than proxies wait for an answer. */
const ASK_MS = 45_000;

const endpointInput = z.object({
  id: id.optional(),
  ...endpointFields,
  pricePerHour: z.number().min(0).max(10_000).nullable().optional(),
  deployment: z.string().trim().min(1).max(100).nullable().optional(),
  listening: z.enum(LISTENING_MODES).optional(),
  /** A new one gets jobs at once unless this is `false`. */
  enabled: z.boolean().optional(),
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
  listening: endpoint.listening,
  keepWarmUntil: isoOrNull(endpoint.keepWarmUntil),
  warmWorkflowId: endpoint.warmWorkflowId,
});

/** What goes on there just now. */
const loadOf = (
  { breakers }: AdminEndpointsDeps,
  endpointId: string,
  { inFlightByEndpoint }: { inFlightByEndpoint: ReadonlyMap<string, number> },
) => ({
  inFlight: inFlightByEndpoint.get(endpointId) ?? 0,
  restsUntil: isoOrNull(breakers.restsUntil(endpointId)),
  closedUntil: isoOrNull(breakers.closedUntil(endpointId)),
  busyUntil: isoOrNull(breakers.busyUntil().get(endpointId) ?? null),
});

function testedOf({ endpointTests }: AdminEndpointsDeps, endpoint: Endpoint) {
  const test = endpointTests.of(endpoint);
  return test && { at: iso(test.at), well: test.well };
}

async function warmth(deps: AdminEndpointsDeps, endpoint: Endpoint, staysWarmMs: number) {
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

async function known(deps: AdminEndpointsDeps, endpointId: string): Promise<Endpoint> {
  const endpoint = (await deps.endpoints.list()).find((one) => one.id === endpointId);
  if (!endpoint) throw missing();
  return endpoint;
}

export const endpoints = router({
  /** In the order in which they are given jobs. */
  list: operator.query(async ({ ctx: { deps } }) => {
    const [list, counts, settings] = await Promise.all([
      deps.endpoints.list(),
      deps.jobs.counts(),
      deps.settings.read(),
    ]);
    return Promise.all(
      list.map(async (endpoint) => ({
        ...present(endpoint),
        ...loadOf(deps, endpoint.id, counts),
        tested: testedOf(deps, endpoint),
        ...(await warmth(deps, endpoint, settings.staysWarmMs)),
      })),
    );
  }),
  /** With `id`, changes that one; else the one of this name, or adds it. */
  upsert: operator.input(endpointInput).mutation(async ({ ctx, input }) => {
    const saved = await saveEndpoint(ctx.deps, input);
    return { ...present(saved), ...loadOf(ctx.deps, saved.id, await ctx.deps.jobs.counts()) };
  }),
  setEnabled: operator.input(z.object({ id, enabled: z.boolean() })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.endpoints.setEnabled(input.id, input.enabled))) throw missing();
    return { ok: true };
  }),
  /** Jobs go to the first of these that has room; none named = to the one with most room. */
  order: operator.input(z.object({ ids: z.array(id).max(200) })).mutation(async ({ ctx, input }) => {
    await ctx.deps.endpoints.order(input.ids);
    return { ok: true };
  }),
  remove: operator.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    await removeEndpoint(ctx.deps, input.id);
    return { ok: true };
  }),
  /** Nothing is sent there for a while; jobs that are there go on. */
  close: operator
    .input(z.object({ id, minutes: z.number().int().min(1).max(1440) }))
    .mutation(async ({ ctx: { deps }, input }) => {
      await known(deps, input.id);
      const until = deps.clock.now() + input.minutes * 60_000;
      await deps.breakers.close(input.id, until);
      deps.bus.announce({ type: 'settings.changed' });
      return { closedUntil: iso(until) };
    }),
  /** Ends a rest or a closing now. */
  open: operator.input(z.object({ id })).mutation(async ({ ctx: { deps }, input }) => {
    await known(deps, input.id);
    await deps.breakers.open(input.id);
    deps.bus.announce({ type: 'settings.changed' });
    return { ok: true };
  }),
  /** Asks it how it is, which may start a GPU. */
  test: operator.input(z.object({ id })).mutation(async ({ ctx: { deps }, input }) => {
    const endpoint = await known(deps, input.id);
    const began = deps.clock.now();
    const answer = await deps.askEndpoint(endpoint, AbortSignal.timeout(ASK_MS));
    const tookMs = Math.max(0, deps.clock.now() - began);
    const said = endpointAnswerWords(answer, { tookMs, apiKeyVariable: endpoint.apiKeyVariable });
    // One that is busy is neither well nor ill.
    if (answer.type !== 'busy') {
      deps.endpointTests.record(endpoint, { at: deps.clock.now(), well: said.well });
      deps.bus.announce({ type: 'settings.changed' });
    }
    return { ...said, tookMs };
  }),
  keepWarm: operator
    .input(z.object({ id, until: z.iso.datetime().transform((text) => Date.parse(text)), workflowId: id }))
    .mutation(async ({ ctx, input }) => {
      await keepWarm(ctx.deps, input);
      return { ok: true };
    }),
  /** Begins to send tiny jobs with and without listening, which may start a GPU. What came of it: `listeningTest`. */
  testListening: operator.input(z.object({ id })).mutation(async ({ ctx: { deps }, input }) => {
    await startListeningTest(deps, input.id);
    return { ok: true };
  }),
  /** The last one of this endpoint; null = none since the server started. */
  listeningTest: operator.input(z.object({ id })).query(({ ctx: { deps }, input }) => {
    const test = deps.listeningTests.of(input.id);
    if (test?.type === 'running') return { ...test, since: iso(test.since) };
    return test && { ...test, at: iso(test.at) };
  }),
  /** How the GPUs of each are used; null = not observed. */
  use: operator.query(async ({ ctx: { deps } }) => {
    const [list, uses] = await Promise.all([deps.endpoints.list(), deps.endpointUse.read()]);
    return list.flatMap((endpoint) => {
      const use = uses.get(endpoint.id);
      return use ? [{ id: endpoint.id, name: endpoint.name, isListening: listens(endpoint), ...use }] : [];
    });
  }),
  stopWarming: operator.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.endpoints.keepWarm(input.id, null))) throw missing();
    return { ok: true };
  }),
});
