import { z } from 'zod';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { DeploymentState, Platform, PlatformBoard } from '#src/ports/platform.ts';
import { adoptDeployment } from '#src/services/platform/adopt-deployment.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminPlatformDeps = Parameters<typeof adoptDeployment>[0] & {
  endpoints: EndpointStore;
  platform: Platform | null;
  platformBoard: PlatformBoard;
};

const operator = operatorProcedure.use(seeing((deps): AdminPlatformDeps => deps));

function present({ deployment, endpoints, scaling, replicas, seenAt, protection, problem }: DeploymentState) {
  const byState: Record<string, number> = {};
  for (const { state } of replicas) byState[state] = (byState[state] ?? 0) + 1;
  return {
    ...deployment,
    endpoints,
    /** How many there are in each state. */
    replicas: byState,
    minReplicas: scaling?.min ?? null,
    maxReplicas: scaling?.max ?? null,
    /** What the smallest number was before it was raised for jobs; null = it is not held. */
    heldFrom: protection?.minBefore ?? null,
    seenAt: seenAt === null ? null : new Date(seenAt).toISOString(),
    problem,
  };
}

export const platform = router({
  /** What was last seen; asking has the platform looked at for a while. */
  state: operator.query(async ({ ctx: { deps } }) => {
    const { states, problem } = deps.platformBoard.read();
    const prices = new Map((await deps.endpoints.list()).map(({ id, pricePerHour }) => [id, pricePerHour]));
    return {
      configured: deps.platform !== null,
      problem,
      deployments: states.map((state) => ({
        ...present(state),
        pricePerHour: state.endpoints.map(({ id }) => prices.get(id) ?? null).find((price) => price !== null) ?? null,
      })),
    };
  }),
  /** Makes an endpoint of a deployment, or brings the one that is there in line with it. */
  adopt: operator.input(z.object({ deployment: z.string().trim().min(1).max(63) })).mutation(async ({ ctx, input }) => {
    const { id, name } = await adoptDeployment(ctx.deps, input.deployment);
    return { id, name };
  }),
});
