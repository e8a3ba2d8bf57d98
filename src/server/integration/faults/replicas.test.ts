import { expect } from 'vitest';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { picture } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { animation, failing, film, largePicture } from './graphs.testing.ts';
import { type FaultSeen, type FaultStage, openStage, tryFaults } from './stage.testing.ts';
import { REPLICAS } from './table.testing.ts';

const run = async (stage: FaultStage, prompt: unknown = picture()): Promise<FaultSeen> => ({
  told: await stage.ended(await stage.submit(prompt)),
});

/** Gives the one who runs a prompt that waits inside a node. */
const busyReplica = (stage: FaultStage, attempt?: string) =>
  until('a replica to be at work', async () =>
    (await stage.fleetState()).replicas.find(({ phase, running, pending }) =>
      phase === 'ready' && attempt === undefined ? running !== null || pending.length > 0 : running === attempt,
    ),
  );

/** The first replica that writes this dies in the middle; what it has left is not delivered. */
const cutFile =
  (classType: string, graph: () => Graph, afterBytes: number) =>
  async (stage: FaultStage): Promise<FaultSeen> => {
    await stage.faults({ nodes: [{ kind: 'killMidFile', classType, afterBytes, count: 1 }] });
    const id = await stage.submit(graph());
    const told = await stage.ended(id);
    const [result] = told.results;
    expect(result?.bytes).toBeGreaterThan(afterBytes);
    return { told };
  };

/** What is done to the fleet while the job is inside a node. */
const whileRunning =
  (act: (stage: FaultStage) => Promise<unknown>) =>
  async (stage: FaultStage): Promise<FaultSeen> => {
    await stage.faults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const id = await stage.submit(picture());
    await stage.at(id, 'running');
    await act(stage);
    await stage.faults({ nodes: [] });
    return { told: await stage.ended(id) };
  };

const atNode =
  (kind: 'kill' | 'outOfMemory', classType: string) =>
  async (stage: FaultStage): Promise<FaultSeen> => {
    await stage.faults({ nodes: [{ kind, classType, count: 1 }] });
    return run(stage);
  };

const killAll = async (stage: FaultStage): Promise<void> => {
  for (const { id, phase } of (await stage.fleetState()).replicas)
    if (phase !== 'gone') await stage.product.fleet().control.kill(id);
};

tryFaults(REPLICAS, () => openStage({}), {
  'the replica dies as a node begins': atNode('kill', 'ImageAddNoise'),
  'the replica dies while it writes a PNG': cutFile('SaveImage', largePicture, 100_000),
  'the replica dies while it writes a WEBP': cutFile('SaveAnimatedWEBP', animation, 20_000),
  'the replica dies while it writes an MP4': cutFile('SaveVideo', film, 2000),

  async 'the replica dies with the job in its queue'(stage) {
    await stage.faults({ swallow: true });
    const id = await stage.submit(picture());
    const { id: replica } = await busyReplica(stage);
    await stage.product.fleet().control.kill(replica);
    await stage.faults({ swallow: false });
    return { told: await stage.ended(id) };
  },

  'all replicas die at once': whileRunning(killAll),
  'the platform scales the endpoint to zero in mid-render': whileRunning((stage) =>
    stage.product.fleet().control.scaleToZero(),
  ),

  async 'the replica takes the job and never begins it'(stage) {
    await stage.settings({ startBudgetMs: 1000, jobTimeoutMs: 1000, maxAttempts: 2 });
    await stage.faults({ swallow: true });
    return run(stage);
  },

  async 'no replica comes up'(stage) {
    await stage.settings({ startBudgetMs: 1000, maxAttempts: 2 });
    await stage.faults({ coldStartHangs: true });
    await killAll(stage);
    return run(stage);
  },

  'a node runs out of GPU memory': atNode('outOfMemory', 'ImageAddNoise'),
  'a node fails': (stage) => run(stage, failing()),

  async 'the worker’s disk is full'(stage) {
    await stage.faults({ nodes: [{ kind: 'diskFull', classType: 'SaveAnimatedWEBP', count: 1 }] });
    return run(stage, animation());
  },

  'somebody else interrupts it on the worker': whileRunning(async (stage) => {
    const { running } = await busyReplica(stage);
    await until('the interruption', async () => {
      await fetch(`${stage.product.fleet().url}/interrupt`, {
        method: 'POST',
        body: JSON.stringify({ prompt_id: running }),
      });
      return (await stage.executed()).some(
        ({ promptId, outcome }) => promptId === running && outcome === 'interrupted',
      );
    });
  }),

  async 'it renders for longer than the job timeout'(stage) {
    await stage.settings({ jobTimeoutMs: 1000 });
    await stage.faults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const id = await stage.submit(picture());
    const { running } = await busyReplica(stage);
    const told = await stage.ended(id);
    await until('the GPU to stop', async () =>
      (await stage.executed()).some(({ promptId, outcome }) => promptId === running && outcome === 'interrupted'),
    );
    return { told };
  },
});
