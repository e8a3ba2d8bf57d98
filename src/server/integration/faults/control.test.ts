import { join } from 'node:path';
import { expect } from 'vitest';
import { picture } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { refusal } from '../testing/visitor.ts';
import { type FaultStage, openStage, tryFaults } from './stage.testing.ts';
import { CONTROL } from './table.testing.ts';

const held = (stage: FaultStage) => stage.faults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
const release = (stage: FaultStage) => stage.faults({ nodes: [] });
const state = (stage: FaultStage) => stage.admin.queue.state.query();

tryFaults(CONTROL, () => openStage({}), {
  async 'the operator pauses sending'(stage) {
    await stage.admin.queue.pause.mutate();
    const id = await stage.submit(picture());
    return { told: await stage.job(id), admin: await state(stage) };
  },

  async 'the operator resumes'(stage) {
    await stage.admin.queue.pause.mutate();
    const id = await stage.submit(picture());
    await stage.admin.queue.resume.mutate();
    return { told: await stage.ended(id), admin: await state(stage) };
  },

  async 'the operator drains the queue: what waits is still rendered'(stage) {
    await stage.settings({ dispatchPaused: true });
    const id = await stage.submit(picture());
    await stage.admin.queue.drain.mutate();
    return { told: await stage.ended(id), admin: await state(stage) };
  },

  async 'a job is submitted while the queue is closed'(stage) {
    await stage.admin.queue.drain.mutate();
    return { told: await refusal(stage.submit(picture())) };
  },

  async 'the operator switches the endpoint off: what runs there goes on'(stage) {
    await held(stage);
    const running = await stage.submit(picture());
    await stage.at(running, 'running');
    await stage.only();
    const waiting = await stage.submit(picture());
    await release(stage);
    const told = await stage.ended(running);
    expect((await stage.job(waiting)).status).toBe('queued');
    return { told, admin: await stage.endpoint('GPUs') };
  },

  async 'the operator puts a job first'(stage) {
    await stage.settings({ dispatchPaused: true });
    const first = await stage.submit(picture());
    const last = await stage.submit(picture());
    await stage.admin.queue.prioritise.mutate({ ids: [last], priority: 5 });
    await stage.settings({ dispatchPaused: false });
    const told = await stage.ended(last);
    const { startedAt } = await stage.ended(first);
    expect(Date.parse(told.startedAt ?? '')).toBeLessThan(Date.parse(startedAt ?? ''));
    return { told };
  },

  async 'a participant has too many queued jobs'(stage) {
    await stage.settings({ dispatchPaused: true, waitingCap: 2 });
    await stage.submit(picture());
    await stage.submit(picture());
    const told = await refusal(stage.submit(picture()));
    await stage.submit(picture(), stage.ben);
    return { told };
  },

  async 'a participant has reached their limit of jobs on GPUs'(stage) {
    await stage.admin.endpoints.upsert.mutate({ name: 'GPUs', url: stage.product.fleet().url, capacity: 3 });
    await stage.settings({ inFlightCap: 1 });
    await held(stage);
    const first = await stage.submit(picture());
    await stage.at(first, 'running');
    const second = await stage.submit(picture());
    const others = await stage.submit(picture({ prefix: join('of', 'ben') }), stage.ben);
    await until(
      'the other participant’s job to be sent',
      async () => (await stage.job(others)).status === 'dispatched',
    );
    await stage.ben.api.jobs.cancel.mutate({ id: others });
    return { told: await stage.job(second), admin: await state(stage) };
  },
});
