import { join } from 'node:path';
import { expect } from 'vitest';
import { startFleet } from '#src/simulator/start-fleet.ts';
import { picture } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { handWorker, pictureOf } from './hand-worker.testing.ts';
import { openStage, tryFaults } from './stage.testing.ts';
import { ATTEMPTS } from './table.testing.ts';

async function open() {
  const stage = await openStage({});
  const { sfs } = stage.product.folders;
  const spot = await startFleet({
    outputs: join(sfs, 'outputs'),
    inputs: join(sfs, 'inputs'),
    pace: 0,
    replicas: 1,
    minReplicas: 1,
  });
  const hand = await handWorker(join(sfs, 'outputs'));
  await stage.admin.endpoints.upsert.mutate({ name: 'Spot', url: spot.url, pricing: 'spot' });
  await stage.admin.endpoints.upsert.mutate({ name: 'By hand', url: hand.url });
  await stage.only('GPUs');
  return {
    ...stage,
    spot: spot.control,
    hand,
    reset: async () => {
      await spot.control.setFaults({ nodes: [], swallow: false });
      await stage.reset();
    },
    stop: async () => {
      await stage.stop();
      await spot.stop();
      await hand.stop();
    },
  };
}

const endings = async (control: Awaited<ReturnType<typeof open>>['spot']) =>
  (await control.state()).replicas.flatMap(({ executed }) => executed.map(({ outcome }) => outcome));

tryFaults(ATTEMPTS, open, {
  async 'the spot GPU goes away: the on-demand one takes over'(stage) {
    await stage.only('Spot', 'GPUs');
    await stage.spot.setFaults({ nodes: [{ kind: 'kill', classType: 'ImageAddNoise', count: 1 }] });
    const before = await stage.executed();
    const told = await stage.ended(await stage.submit(picture()));
    expect(await stage.executed()).toHaveLength(before.length + 1);
    return { told };
  },

  async 'every attempt is lost'(stage) {
    await stage.only('By hand');
    const id = await stage.submit(picture());
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await (await stage.hand.take(id)).start();
      stage.hand.lose(id);
    }
    return { told: await stage.ended(id) };
  },

  async 'an endpoint that could not be reached does not use up the attempts of a job'(stage) {
    await stage.faults({ refuseConnections: true });
    const id = await stage.submit(picture());
    await until('four tries', async () => (await stage.job(id)).attempts >= 4);
    await stage.settings({ dispatchPaused: true });
    const { attempts } = await stage.at(id, 'queued');
    await stage.faults({ refuseConnections: false, nodes: [{ kind: 'kill', classType: 'ImageAddNoise', count: 1 }] });
    await stage.settings({ dispatchPaused: false });
    const told = await stage.ended(id);
    expect(told.attempts).toBe(attempts + 2);
    return { told };
  },

  async 'a job that has been queued for long meets an endpoint that is down for a moment'(stage) {
    await stage.settings({ dispatchPaused: true, startBudgetMs: 8000 });
    const id = await stage.submit(picture());
    await until('the job to be old', async () => Date.now() - Date.parse((await stage.job(id)).createdAt) > 8000);
    await stage.faults({ refuseConnections: true });
    await stage.settings({ dispatchPaused: false });
    await until('four tries', async () => (await stage.job(id)).attempts >= 4);
    await stage.faults({ refuseConnections: false });
    return { told: await stage.ended(id) };
  },

  async 'a given-up attempt finishes after all, before the second one'(stage) {
    await stage.only('Spot', 'GPUs');
    await stage.settings({ startBudgetMs: 1000, jobTimeoutMs: 1000, probe: false });
    await stage.spot.setFaults({ requests: [{ kind: 'answer', status: 503, only: 'all' }], swallow: true });
    await stage.spot.setFaults({
      requests: [
        { kind: 'timeoutAfterAccept', only: 'prompt', count: 1 },
        { kind: 'answer', status: 503, only: 'all' },
      ],
    });
    await stage.faults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const id = await stage.submit(picture());
    await until('the second attempt', async () => (await stage.job(id)).attempts === 2);
    await stage.settings({ startBudgetMs: 60_000, jobTimeoutMs: 60_000 });
    await stage.spot.setFaults({ swallow: false });
    const told = await stage.ended(id);
    await until(
      'the second attempt to be stopped',
      async () => (await stage.executed()).at(-1)?.outcome === 'interrupted',
    );
    expect(await endings(stage.spot)).toContain('success');
    return { told };
  },

  async 'a given-up attempt finishes while the job is queued again'(stage) {
    await stage.only('By hand');
    await stage.settings({ startBudgetMs: 1000, jobTimeoutMs: 1000, probe: false });
    const id = await stage.submit(picture());
    const work = await stage.hand.take(id);
    await stage.settings({ dispatchPaused: true });
    await stage.at(id, 'queued');
    await work.start();
    await work.write('0/shot_00001_.png', await pictureOf(id));
    await work.finish();
    return { told: await stage.ended(id) };
  },

  async 'a file turns up after the job is complete'(stage) {
    await stage.only('By hand');
    const id = await stage.submit(picture());
    const work = await stage.hand.take(id);
    await work.start();
    await work.write('0/shot_00001_.png', await pictureOf(id));
    await work.finish();
    await stage.at(id, 'completed');
    await work.write('0/shot_00002_.png', await pictureOf(id));
    return {
      told: await until('the late file', async () => (await stage.job(id)).results.length === 2 && stage.job(id)),
    };
  },

  async 'a file turns up after the job has failed'(stage) {
    await stage.only('By hand');
    await stage.settings({ jobTimeoutMs: 1000, probe: false });
    const id = await stage.submit(picture());
    const work = await stage.hand.take(id);
    await work.start();
    await stage.at(id, 'failed');
    await work.write('0/shot_00001_.png', await pictureOf(id));
    return {
      told: await until('the late file', async () => (await stage.job(id)).results.length === 1 && stage.job(id)),
    };
  },

  async 'an attempt writes its files and no finish marker, and nobody is asked'(stage) {
    await stage.settings({ probe: false });
    await stage.only('By hand');
    const id = await stage.submit(picture());
    const work = await stage.hand.take(id);
    await work.start();
    await work.write('0/shot_00001_.png', await pictureOf(id));
    return { told: await stage.ended(id) };
  },

  async 'an attempt writes one of two files'(stage) {
    await stage.only('By hand');
    const id = await stage.submit({
      ...picture(),
      '8': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'other' } },
    });
    const work = await stage.hand.take(id);
    await work.start();
    await work.write('0/shot_00001_.png', await pictureOf(id));
    await work.finish();
    return { told: await stage.ended(id) };
  },

  async 'a replica has run it, but nothing of it is on our share'(stage) {
    await stage.only('By hand');
    await stage.settings({ startBudgetMs: 1000, jobTimeoutMs: 1000, maxAttempts: 1 });
    const id = await stage.submit(picture());
    await stage.hand.take(id);
    stage.hand.end(id);
    return { told: await stage.ended(id) };
  },
});
