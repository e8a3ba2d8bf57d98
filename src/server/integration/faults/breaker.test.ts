import { join } from 'node:path';
import { expect } from 'vitest';
import { createBreakers } from '#src/server/state/circuit-breakers.ts';
import { picture } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { handWorker, pictureOf } from './hand-worker.testing.ts';
import { openStage, tryFaults } from './stage.testing.ts';
import { BREAKER } from './table.testing.ts';

async function open() {
  const stage = await openStage({
    arrange: (deps) => ({
      ...deps,
      breakers: createBreakers(deps, { firstMs: 1500, maxMs: 1500 }),
    }),
  });
  const hand = await handWorker(join(stage.product.folders.sfs, 'outputs'));
  await stage.admin.endpoints.upsert.mutate({ name: 'By hand', url: hand.url, capacity: 3 });
  await stage.only('GPUs');
  return {
    ...stage,
    hand,
    /** Waits until the endpoint cools down. */
    resting: (name: string) =>
      until('the endpoint to rest', async () => {
        const endpoint = await stage.endpoint(name);
        return endpoint.restsUntil !== null && endpoint;
      }),
    /** Renders the job at the endpoint by hand. */
    async render(id: string) {
      const work = await hand.take(id);
      await work.write('0/shot_00001_.png', await pictureOf(id));
      await work.finish();
      return stage.ended(id);
    },
    async stop() {
      await stage.stop();
      await hand.stop();
    },
  };
}
type BreakerStage = Awaited<ReturnType<typeof open>>;

/** One job tests an endpoint that has cooled down and is in order again, and two wait for it. Gives them, and how often the later two were sent. */
async function afterCoolDown(stage: BreakerStage) {
  stage.hand.say({ status: 404, text: '', times: 1 });
  await stage.only('By hand');
  const first = await stage.submit(picture());
  const work = await stage.hand.take(first);
  const others = [await stage.submit(picture()), await stage.submit(picture())];
  const sent = () => Promise.all(others.map(async (id) => (await stage.job(id)).attempts));
  return { first, work, others, sent };
}

tryFaults(BREAKER, open, {
  async 'an endpoint goes down: its jobs flow to the other one'(stage) {
    await stage.faults({ refuseConnections: true });
    const id = await stage.submit(picture());
    const admin = await stage.resting('GPUs');
    await stage.only('GPUs', 'By hand');
    return { told: await stage.render(id), admin };
  },

  async 'an endpoint loses job after job: it cools down'(stage) {
    await stage.only('By hand');
    const id = await stage.submit(picture());
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await stage.hand.take(id);
      stage.hand.lose(id);
    }
    const admin = await stage.resting('By hand');
    return { told: await stage.render(id), admin };
  },

  async 'after cooling down one job at a time tests it'(stage) {
    const { first, sent } = await afterCoolDown(stage);
    const admin = await stage.endpoint('By hand');
    expect(await sent()).toEqual([0, 0]);
    return { told: await stage.render(first), admin };
  },

  async 'the endpoint shows life again: all of it is used'(stage) {
    const { first, work, others } = await afterCoolDown(stage);
    await work.start();
    for (const id of others) await stage.hand.take(id);
    const admin = await stage.endpoint('By hand');
    return { told: await stage.render(first), admin };
  },
});
