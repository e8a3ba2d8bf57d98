import { z } from 'zod';
import { warmStateOf } from '#src/domain/endpoints/warm-up.ts';
import { findingsOf } from '#src/domain/health/class-findings.ts';
import { type ClassFacts, classBegan } from '#src/domain/statistics/class-facts.ts';
import { fairness, figuresOf, type Waits } from '#src/domain/statistics/class-figures.ts';
import { recentActivityOf } from '#src/domain/statistics/recent-activity.ts';
import { timelineOf } from '#src/domain/statistics/timeline.ts';
import type { Breakers, EndpointStore } from '#src/ports/endpoints.ts';
import type { HealthCheck } from '#src/ports/health.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { LastDay } from '#src/ports/statistics.ts';
import type { Presence, UserStore } from '#src/ports/users.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminOverviewDeps = {
  breakers: Breakers;
  clock: Clock;
  healthCheck: HealthCheck;
  endpoints: EndpointStore;
  jobs: JobQueue;
  lastDay: LastDay;
  presence: Presence;
  settings: SettingStore;
  users: UserStore;
};

const operator = operatorProcedure.use(seeing((deps): AdminOverviewDeps => deps));

/** Figures are kept for one day back. */
const since = z
  .object({
    /** Null: since the class began, with the first job after a long quiet. */
    since: z.iso
      .datetime()
      .nullish()
      .transform((text) => (text ? Date.parse(text) : null)),
  })
  .prefault({});

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

const beginning = (facts: ClassFacts, asked: number | null, now: number): number => asked ?? classBegan(facts) ?? now;

async function readClass(deps: AdminOverviewDeps, asked: number | null) {
  const [facts, users, endpoints, settings, counts, { rooms, faults }] = await Promise.all([
    deps.lastDay.read(),
    deps.users.list(),
    deps.endpoints.list(),
    deps.settings.read(),
    deps.jobs.counts(),
    deps.healthCheck.read(),
  ]);
  const now = deps.clock.now();
  const began = beginning(facts, asked, now);
  const figures = figuresOf(facts, began, now, facts.prices);
  const lately = recentActivityOf(facts, now);
  const nameOf = (userId: string): string => users.find(({ id }) => id === userId)?.name ?? 'Former participant';
  const tellWaits = ({ median, worst }: Waits) => ({
    medianMs: median,
    worst: worst && { ms: worst.ms, jobId: worst.jobId, name: nameOf(worst.userId) },
  });
  const hungriest = figures.people
    .flatMap(({ userId, hungrySince }) => (hungrySince ? [{ name: nameOf(userId), ...hungrySince }] : []))
    .sort((a, b) => a.at - b.at)[0];
  const findings = findingsOf({
    now,
    ...settings,
    ...lately,
    waiting: counts.waiting,
    onGpus: counts.inFlight,
    endpoints: endpoints.map(({ id, name, enabled }) => ({
      id,
      name,
      enabled,
      restsUntil: deps.breakers.restsUntil(id),
      closedUntil: deps.breakers.closedUntil(id),
      neverStarted: lately.neverStarted.get(id) ?? 0,
    })),
    faults,
    disks: rooms.map(({ what, free }) => ({ name: what, free })),
    hungriest: hungriest ? { name: hungriest.name, jobId: hungriest.jobId, ms: Math.max(0, now - hungriest.at) } : null,
    medianWaitMs: figures.waits.median,
  });
  const turns = fairness(figures.people);
  const inClass = users.filter(
    ({ id, role, enabled }) =>
      (role === 'participant' && enabled) || figures.people.some(({ userId }) => userId === id),
  );
  const { people, endpoints: used, failedByReason, waits, ...totals } = figures;
  return {
    now: iso(now),
    since: iso(began),
    currency: settings.currency,
    ...totals,
    waiting: counts.waiting,
    onGpus: counts.inFlight,
    failedByReason: [...failedByReason].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
    waits: tellWaits(waits),
    turns: turns.verdict === 'uneven' ? { ...turns, name: nameOf(turns.userId) } : turns,
    here: users.filter(({ id, role }) => role === 'participant' && deps.presence.tabs(id) > 0).length,
    people: inClass.map(({ id, name, lastSeenAt }) => {
      const own = people.find(({ userId }) => userId === id);
      return {
        id,
        name,
        tabs: deps.presence.tabs(id),
        lastSeenAt: isoOrNull(lastSeenAt),
        waiting: own?.waiting ?? 0,
        onGpus: own?.onGpus ?? 0,
        completed: own?.completed ?? 0,
        failed: own?.failed ?? 0,
        waits: own ? tellWaits(own.waits) : { medianMs: null, worst: null },
        gpuMs: own?.gpuMs ?? 0,
        cost: own?.cost ?? 0,
        unpricedMs: own?.unpricedMs ?? 0,
      };
    }),
    endpoints: endpoints.map(({ id, name, gpu, pricing, capacity, enabled }) => {
      const own = used.find(({ endpointId }) => endpointId === id);
      const lives = facts.attempts.filter(({ endpointId }) => endpointId === id);
      const warmth = warmStateOf(lives, now, settings.staysWarmMs);
      return {
        id,
        name,
        gpu,
        pricing,
        capacity,
        inFlight: counts.inFlightByEndpoint.get(id) ?? 0,
        enabled,
        restsUntil: isoOrNull(deps.breakers.restsUntil(id)),
        closedUntil: isoOrNull(deps.breakers.closedUntil(id)),
        busyUntil: isoOrNull(deps.breakers.busyUntil().get(id) ?? null),
        warmth: {
          state: warmth.state,
          since: 'since' in warmth ? iso(warmth.since) : null,
          lastLife: 'lastLife' in warmth ? iso(warmth.lastLife) : null,
        },
        attempts: own?.attempts ?? 0,
        lost: own?.lost ?? 0,
        gpuMs: own?.gpuMs ?? 0,
        cost: own?.cost ?? 0,
        isPriced: (facts.prices.get(id) ?? null) !== null,
      };
    }),
    rooms,
    findings,
  };
}

export const overview = router({
  /** The class at a glance: what is wrong, who is here, how long they wait, what it costs. */
  read: operator.input(since).query(({ ctx, input }) => readClass(ctx.deps, input.since)),
  timeline: operator.input(since).query(async ({ ctx: { deps }, input }) => {
    const facts = await deps.lastDay.read();
    const now = deps.clock.now();
    const { startsAt, ...timeline } = timelineOf(facts, beginning(facts, input.since, now), now);
    return { startsAt: iso(startsAt), ...timeline };
  }),
});
