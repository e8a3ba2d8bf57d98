import { join } from 'node:path';
import type { Config } from '#src/env.ts';
import type { NewEndpoint } from '#src/ports/endpoints.ts';
import type { Log } from '#src/ports/log.ts';
import { type RunningFleet, startFleet } from '#src/simulator/start-fleet.ts';

const REPLICAS = 3;

/** Simulated GPUs for trying things out: replicas behind a balancer that picks one at random, scaled to zero until the first job comes. */
export async function startDemoFleet(
  config: Config,
  log: Log,
): Promise<{ fleet: RunningFleet; endpoint: NewEndpoint }> {
  const fleet = await startFleet(
    {
      outputs: join(config.sfsDir, 'outputs'),
      inputs: join(config.sfsDir, 'inputs'),
      replicas: REPLICAS,
      coldStartMs: [6000, 9000],
      idleMs: 5 * 60_000,
    },
    (line) => log.info({ line }, 'simulated GPU'),
  );
  const endpoint = {
    name: 'Simulated GPUs',
    url: fleet.url,
    gpu: 'simulated',
    pricing: 'on-demand',
    capacity: REPLICAS,
    apiKeyVariable: null,
  } as const;
  return { fleet, endpoint };
}
