import { expect } from 'vitest';
import { picture } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { refusal } from '../testing/visitor.ts';
import { openHandStage } from './hand-stage.testing.ts';
import { pictureOf } from './hand-worker.testing.ts';
import { type FaultStage, tryFaults } from './stage.testing.ts';
import { CANCEL } from './table.testing.ts';

const cancel = (stage: FaultStage, id: string) => stage.anna.api.jobs.cancel.mutate({ id });
const replica = async (stage: FaultStage) => {
  const found = (await stage.fleetState()).replicas.find(({ phase }) => phase === 'ready');
  if (!found) throw new Error('No replica is up.');
  return found;
};

tryFaults(CANCEL, openHandStage, {
  async 'a queued job is cancelled'(stage) {
    await stage.settings({ dispatchPaused: true });
    const id = await stage.submit(picture());
    await cancel(stage, id);
    await stage.settings({ dispatchPaused: false });
    const other = await stage.submit(picture());
    await stage.at(other, 'completed');
    return { told: await stage.job(id) };
  },

  async 'a job in a replica’s queue is cancelled: it is taken out there'(stage) {
    await stage.faults({ swallow: true });
    const id = await stage.submit(picture());
    const pending = await until('the job in the queue', async () => (await replica(stage)).pending[0]);
    const told = await cancel(stage, id);
    await until('an empty queue', async () => (await replica(stage)).pending.length === 0);
    await stage.faults({ swallow: false });
    expect((await stage.executed()).map(({ promptId }) => promptId)).not.toContain(pending);
    return { told };
  },

  async 'a running job is cancelled: its replica stops'(stage) {
    await stage.faults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const id = await stage.submit(picture());
    await stage.at(id, 'running');
    const { running } = await replica(stage);
    const told = await cancel(stage, id);
    await until('the replica to be free', async () => (await replica(stage)).running === null);
    expect(await stage.executed()).toContainEqual(
      expect.objectContaining({ promptId: running, outcome: 'interrupted' }),
    );
    return { told };
  },

  async 'a running job is cancelled on a ComfyUI that is too old to stop one job'(stage) {
    const { workerVersions } = stage.deps();
    const endpoint = await stage.endpoint('By hand');
    workerVersions.learn(endpoint.id, '0.3.40');
    await stage.only('By hand');
    const id = await stage.submit(picture());
    const work = await stage.hand.take(id);
    await work.start();
    await stage.at(id, 'running');
    const told = await cancel(stage, id);
    await until('it to be told again and again', () => stage.hand.stops().length > 2);
    expect(new Set(stage.hand.stops())).toEqual(new Set(['/queue']));
    workerVersions.learn(endpoint.id, '0.3.64');
    await until('the newer one to be told to stop what runs', () => stage.hand.stops().includes('/interrupt'));
    return { told };
  },

  async 'a job is cancelled while a GPU starts for it: it is never rendered'(stage) {
    const before = await stage.executed();
    await stage.faults({ coldStartHangs: true });
    await stage.product.fleet().control.scaleToZero();
    const id = await stage.submit(picture());
    // Cancellations of other jobs may be held too.
    await until('the request to be held', async () => ((await stage.fleetState()).waiting['POST /prompt'] ?? 0) > 0);
    const givenUp = async () => (await stage.fleetState()).requests['POST /prompt']?.abandoned ?? 0;
    const givenUpBefore = await givenUp();
    const told = await cancel(stage, id);
    await until('the request to be given up', async () => (await givenUp()) > givenUpBefore);
    await stage.faults({ coldStartHangs: false });
    const other = await stage.submit(picture());
    await stage.at(other, 'completed');
    expect(await stage.executed()).toHaveLength(before.length + 1);
    return { told };
  },

  async 'files of a cancelled job turn up'(stage) {
    await stage.only('By hand');
    const id = await stage.submit(picture());
    const work = await stage.hand.take(id);
    await work.start();
    await stage.at(id, 'running');
    await cancel(stage, id);
    await work.write('0/late_00001_.png', await pictureOf(id));
    await work.finish();
    const other = await stage.submit(picture({ prefix: 'other' }));
    const next = await stage.hand.take(other);
    await next.write('0/other_00001_.png', await pictureOf(other));
    await next.finish();
    await stage.at(other, 'completed');
    expect((await stage.product.filesOf(stage.anna)).filter((name) => name.startsWith('late_'))).toEqual([]);
    return { told: await stage.job(id) };
  },

  async 'somebody else’s job is cancelled'(stage) {
    await stage.settings({ dispatchPaused: true });
    const id = await stage.submit(picture(), stage.ben);
    const told = await refusal(cancel(stage, id));
    expect((await stage.job(id)).status).toBe('queued');
    return { told };
  },

  async 'a job that has ended is cancelled'(stage) {
    const id = await stage.submit(picture());
    await stage.at(id, 'completed');
    return { told: await refusal(cancel(stage, id)) };
  },
});
