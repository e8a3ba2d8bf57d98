import { groupBy } from '#src/domain/group-by.ts';
import { classBegan } from '#src/domain/statistics/class-facts.ts';
import { gpuUseOf } from '#src/domain/statistics/gpu-use.ts';
import type { DuplicateStore } from '#src/ports/duplicates.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { EndpointUse, HeardReplicas } from '#src/ports/listening.ts';
import type { PlatformBoard } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';
import type { LastDay } from '#src/ports/statistics.ts';

type Deps = {
  endpoints: Pick<EndpointStore, 'list'>;
  lastDay: LastDay;
  heardReplicas: Pick<HeardReplicas, 'of'>;
  platformBoard: Pick<PlatformBoard, 'replicas'>;
  duplicates: Pick<DuplicateStore, 'figures'>;
  clock: Clock;
};

type Facts = Awaited<ReturnType<LastDay['read']>>;

export function createEndpointUse(deps: Deps): EndpointUse {
  const { endpoints, lastDay, heardReplicas, platformBoard, clock } = deps;
  /** Worked out once for each reading of the last day, however many ask. */
  let known: { facts: Facts; uses: Awaited<ReturnType<EndpointUse['read']>> } | null = null;
  return {
    async read() {
      const [list, facts] = await Promise.all([endpoints.list(), lastDay.read()]);
      if (known?.facts === facts) return known.uses;
      const since = classBegan(facts) ?? 0;
      const now = clock.now();
      const duplicates = await deps.duplicates.figures(since, now);
      const attempts = groupBy(facts.attempts, ({ endpointId }) => endpointId);
      const uses = new Map(
        list.map(({ id }) => {
          const heard = heardReplicas.of(id).replicas;
          const platform = platformBoard.replicas(id)?.running ?? null;
          const use = gpuUseOf(attempts.get(id) ?? [], { since, now, platform, heard });
          return [id, { ...use, replicasHeard: heard, duplicates: duplicates.get(id) ?? { sent: 0, wastedMs: 0 } }];
        }),
      );
      known = { facts, uses };
      return uses;
    },
  };
}
