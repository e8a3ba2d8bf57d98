import { type GpuPrice, isOfDeployment, priceOf } from '#src/domain/endpoints/platform-deployment.ts';
import { neededReplicas, type ScaleInProtection } from '#src/domain/endpoints/scale-in-protection.ts';
import { AppError } from '#src/domain/errors.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { AttemptReader, JobQueue } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Deployment, DeploymentState, Platform, PlatformStore } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';
import { explainLosses } from '#src/services/platform/explain-losses.ts';
import type { Board } from '../state/platform-board.ts';
import type { Timings } from '../timings.ts';
import { createLoop } from './loop.ts';
import { createPatientCalls } from './patient-calls.ts';
import { createScaleInProtection } from './scale-in-protection.ts';

type Deps = {
  platform: Platform;
  platformStore: PlatformStore;
  platformBoard: Board;
  endpoints: EndpointStore;
  jobs: JobQueue & AttemptReader;
  auditLog: AuditLog;
  bus: Bus;
  clock: Clock;
  log: Log;
  timings: Timings;
};

const LIST = 'the list of deployments';
const MAX_STOP_MS = 3000;
/** Losses of longer ago are left as they are. */
const EXPLAIN_WITHIN_MS = 10 * 60_000;

/** Looks at the platform while attempts are at its deployments, a class is on or an operator looks, and otherwise leaves it alone. */
export function createPlatformWatch(deps: Deps, { dryRun }: { dryRun: boolean }) {
  const { platform, platformStore, platformBoard: board, endpoints, clock, timings } = deps;
  const holding = createScaleInProtection(deps, { quietMs: timings.platform.quietMs, dryRun });
  const { attempt, problemOf, stop } = createPatientCalls(deps);
  const asked = new Set<string>();
  let deployments: readonly Deployment[] = [];
  let listedAt = Number.NEGATIVE_INFINITY;
  let prices: readonly GpuPrice[] = [];

  async function readList(
    all: readonly Endpoint[],
    protections: ReadonlyMap<string, ScaleInProtection>,
  ): Promise<void> {
    const list = await attempt(LIST, () => platform.deployments());
    if (!list) return;
    deployments = list;
    listedAt = clock.now();
    for (const name of protections.keys()) {
      if (list.some((one) => one.name === name)) continue;
      await platformStore.letGo(name);
      deps.log.warn({ deployment: name }, 'a deployment with scale-in protection no longer exists');
    }
    const unpriced = all.filter(
      (endpoint) => endpoint.pricePerHour === null && list.some((one) => isOfDeployment(endpoint, one)),
    );
    if (unpriced.length === 0) return;
    prices = (await attempt('the prices', () => platform.prices())) ?? prices;
    for (const endpoint of unpriced) {
      const deployment = list.find((one) => isOfDeployment(endpoint, one));
      const price = deployment && priceOf(deployment, prices);
      if (typeof price === 'number') await endpoints.fillPrice(endpoint.id, price);
    }
  }

  async function lookAt(
    deployment: Deployment,
    own: readonly Endpoint[],
    {
      protection,
      inFlight,
      isKeptWarm,
    }: { protection: ScaleInProtection | null; inFlight: number; isKeptWarm: boolean },
    isLookedAt: boolean,
  ): Promise<DeploymentState> {
    const { name } = deployment;
    const before = board.states().find((state) => state.deployment.name === name);
    const isOn = inFlight > 0 || isKeptWarm || protection !== null || (isLookedAt && own.length > 0);
    const seen = isOn
      ? await attempt(name, async () => {
          const [scaling, replicas] = await Promise.all([platform.scaling(name), platform.replicas(name)]);
          const needed = neededReplicas(inFlight, replicas, isKeptWarm);
          return { replicas, seenAt: clock.now(), ...(await holding.step(name, { scaling, protection }, needed)) };
        })
      : undefined;
    const last = { scaling: before?.scaling ?? null, replicas: before?.replicas ?? [], seenAt: before?.seenAt ?? null };
    return {
      deployment,
      endpoints: own.map(({ id, name: called }) => ({ id, name: called })),
      protection,
      ...last,
      ...seen,
      problem: problemOf(name),
    };
  }

  async function explain(all: readonly Endpoint[]): Promise<void> {
    const now = clock.now();
    const unexplained = await platformStore.unexplained(now - EXPLAIN_WITHIN_MS);
    const known = new Set(unexplained.map(({ attemptId }) => attemptId));
    for (const id of asked) if (!known.has(id)) asked.delete(id);
    const due = unexplained.filter(
      ({ attemptId, endedAt }) => !asked.has(attemptId) && now - endedAt >= timings.platform.explainAfterMs,
    );
    for (const deployment of deployments) {
      const own = new Set(all.filter((endpoint) => isOfDeployment(endpoint, deployment)).map(({ id }) => id));
      const losses = due.filter(({ endpointId }) => own.has(endpointId));
      if (losses.length === 0) continue;
      await attempt(`the logs of ${deployment.name}`, async () => {
        await explainLosses(deps, deployment.name, losses);
        for (const { attemptId } of losses) asked.add(attemptId);
      });
    }
  }

  /** Who waits for a GPU there is told when it has got further. */
  async function announce(
    before: readonly DeploymentState[],
    startsBefore: ReadonlyMap<string, string | null>,
  ): Promise<void> {
    if (JSON.stringify(before.map(withoutTime)) !== JSON.stringify(board.states().map(withoutTime)))
      deps.bus.announce({ type: 'platform.changed' });
    const moved = new Set([...startsBefore].flatMap(([id, wake]) => (board.wake(id) === wake ? [] : [id])));
    if (moved.size === 0) return;
    for (const { job, attempt: at, role } of await deps.jobs.watched({ since: clock.now() }))
      if (role === 'live' && job.status === 'dispatched' && moved.has(at.endpointId))
        deps.bus.announce({ type: 'phase.moved', userId: job.userId, jobId: job.id });
  }

  async function tick(): Promise<void> {
    const now = clock.now();
    const [all, counts, protections] = await Promise.all([
      endpoints.list(),
      deps.jobs.counts(),
      platformStore.protections(),
    ]);
    const wakes = new Map(all.map(({ id }) => [id, board.wake(id)]));
    const inFlightOf = (own: readonly Endpoint[]) =>
      own.reduce((sum, { id }) => sum + (counts.inFlightByEndpoint.get(id) ?? 0), 0);
    const isWarm = (own: readonly Endpoint[]) => own.some(({ keepWarmUntil }) => (keepWarmUntil ?? 0) > now);
    const isLookedAt = board.isLookedAt();
    const isAnyOn = isLookedAt || protections.size > 0 || inFlightOf(all) > 0 || isWarm(all);
    if (listedAt === Number.NEGATIVE_INFINITY || (isAnyOn && now - listedAt >= timings.platform.listEveryMs))
      await readList(all, protections);

    const before = board.states();
    const states = await Promise.all(
      deployments.map((deployment) => {
        const own = all.filter((endpoint) => isOfDeployment(endpoint, deployment));
        const protection = protections.get(deployment.name) ?? null;
        return lookAt(deployment, own, { protection, inFlight: inFlightOf(own), isKeptWarm: isWarm(own) }, isLookedAt);
      }),
    );
    board.show(states, problemOf(LIST));
    await announce(before, wakes);
    await explain(all);
  }

  const loop = createLoop('platform', timings.platform.everyMs, tick, deps.log);

  /** What nothing is rendering on is put back before we go; the rest is kept for those who render, and for our next start. */
  async function letGo(): Promise<void> {
    const [all, counts, protections] = await Promise.all([
      endpoints.list(),
      deps.jobs.counts(),
      platformStore.protections(),
    ]);
    for (const [name, protection] of protections) {
      const deployment = deployments.find((one) => one.name === name);
      // What could not be read recently may well be at work.
      if (!deployment) continue;
      const own = all.filter((endpoint) => isOfDeployment(endpoint, deployment));
      if (own.some(({ id }) => (counts.inFlightByEndpoint.get(id) ?? 0) > 0)) continue;
      try {
        await holding.step(name, { scaling: await platform.scaling(name), protection }, 0, true);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }
    for (const [deployment, { minBefore }] of await platformStore.protections())
      deps.log.warn(
        { deployment, minBefore },
        'scale-in protection is still on and costs money until comfyume starts again and removes it. Otherwise, reset the minimum number of replicas yourself.',
      );
  }

  return {
    start: loop.start,
    async stop() {
      stop();
      const timer = setTimeout(() => platform.close(), MAX_STOP_MS);
      await loop.stop();
      await letGo();
      clearTimeout(timer);
      platform.close();
    },
  };
}

const withoutTime = ({ seenAt: _, ...rest }: DeploymentState) => rest;
