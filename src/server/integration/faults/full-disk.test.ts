import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Deps } from '../../process/deps.ts';
import { picture } from '../testing/graphs.ts';
import { OPERATOR, signIn } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { type Refusal, refusal } from '../testing/visitor.ts';
import { mountDisk, WHY_NO_MOUNT } from './mounts.testing.ts';
import { openStage, tryFaults } from './stage.testing.ts';
import { FULL_DISKS } from './table.testing.ts';

const LONG_WORKFLOW = { nodes: ['x'.repeat(500_000)] };

/** Results and database on small disks of their own. */
async function open() {
  const root = await mkdtemp(join(tmpdir(), 'comfyume-full-'));
  const dataDir = join(root, 'data');
  const outputsDir = join(root, 'outputs');
  const results = await mountDisk(outputsDir);
  const data = await mountDisk(dataDir);
  const unmount = async () => {
    results.unmount();
    data.unmount();
    await rm(root, { recursive: true, force: true });
  };
  const config = { dataDir, outputsDir, databaseUrl: `file:${join(dataDir, 'comfyume.db')}` };
  /** Of a disk that does not tell its room, work is taken until the database itself refuses it. */
  let isTold = true;
  const arrange = (deps: Deps): Deps => ({
    ...deps,
    diskSpace: { full: async () => (isTold ? deps.diskSpace.full() : null) },
  });
  const stage = await openStage({ config, arrange }).catch(async (error: unknown) => {
    await unmount();
    throw error;
  });

  /** Fills the database's disk and submits until there is no room for the smallest job: what is there of the database's log is used first. */
  async function fillDatabase(): Promise<{ answered: string[]; no: Refusal }> {
    const answered: string[] = [];
    isTold = false;
    await data.fill();
    const untilRefused = async (workflow?: unknown): Promise<Refusal> =>
      until(
        'a job that is refused',
        async () => {
          const call = stage.ben.api.jobs.submit.mutate({ prompt: picture(), workflow });
          const taken = await call.catch(() => null);
          if (taken) answered.push(taken.id);
          return taken ? null : refusal(call);
        },
        60_000,
      );
    await untilRefused(LONG_WORKFLOW);
    return { no: await untilRefused(), answered };
  }

  return {
    ...stage,
    results,
    data,
    fillDatabase,
    /** That a disk had room is believed for a second. */
    known: () => until('it to be known', async () => (await stage.anna.fetch('/readyz')).status === 503),
    /** A job that has everything but room for its file. */
    async stuck(fill: () => Promise<void>) {
      await stage.settings({ dispatchPaused: true });
      const id = await stage.submit(picture());
      await fill();
      await stage.settings({ dispatchPaused: false });
      await until('the reason', async () => (await stage.job(id)).reason);
      return id;
    },
    reset: async () => {
      isTold = true;
      data.makeRoom();
      await stage.reset();
      // A look that is under way would import what was just cancelled, and take it away again: that would leave room.
      await stage.product.pause();
      results.makeRoom();
      await stage.product.resume();
    },
    stop: async () => {
      await stage.stop();
      await unmount();
    },
  };
}

tryFaults(
  FULL_DISKS,
  open,
  {
    async 'the disk for results is full when a job is done'(stage) {
      return { told: await stage.job(await stage.stuck(() => stage.results.fill())) };
    },

    async 'the disk for results takes no more files'(stage) {
      return { told: await stage.job(await stage.stuck(stage.results.takeNoMoreFiles)) };
    },

    async 'the disk for results is full: a job is submitted'(stage) {
      await stage.results.fill();
      await stage.known();
      return { told: await refusal(stage.submit(picture())) };
    },

    async 'the disk for results has room again'(stage) {
      const id = await stage.stuck(() => stage.results.fill());
      const { length } = await stage.executed();
      stage.results.makeRoom();
      const told = await stage.ended(id);
      expect(await stage.executed()).toHaveLength(length);
      expect((await stage.anna.fetch(told.results[0]?.url ?? '')).status).toBe(200);
      return { told };
    },

    async 'the disk of the database is nearly full: a job is submitted'(stage) {
      await stage.data.fill(2 ** 20);
      await stage.known();
      return { told: await refusal(stage.submit(picture())) };
    },

    async 'the disk of the database is full: a job is submitted'(stage) {
      await stage.settings({ dispatchPaused: true });
      const { no, answered } = await stage.fillDatabase();
      const kept = async () => {
        const { items } = await stage.ben.api.jobs.list.query({ status: ['queued'], limit: 200 });
        return items.map(({ id }) => id).sort();
      };
      expect(await kept()).toEqual(answered.sort());
      stage.data.makeRoom();
      await stage.product.pause();
      await stage.product.resume();
      expect(await kept()).toEqual(answered);
      const one = await stage.submit(picture());
      for (const id of answered) await stage.ben.api.jobs.cancel.mutate({ id });
      await stage.settings({ dispatchPaused: false });
      expect(await stage.ended(one)).toMatchObject({ status: 'completed', attempts: 1 });
      return { told: no };
    },

    async 'the disk of the database is full: an operator signs in and makes room'(stage) {
      await stage.settings({ dispatchPaused: true });
      const { answered } = await stage.fillDatabase();
      const teacher = stage.product.visitor();
      await signIn(teacher, OPERATOR);
      expect((await teacher.api.session.me.query())?.user.role).toBe('operator');
      expect((await teacher.api.admin.storage.makeRoom.mutate()).bytes).toBeGreaterThan(0);
      for (const id of answered) await stage.ben.api.jobs.cancel.mutate({ id });
      await stage.settings({ dispatchPaused: false });
      return { told: await stage.ended(await stage.submit(picture())) };
    },

    async 'the disk of the database is full while a job renders, and has room again'(stage) {
      await stage.faults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
      const id = await stage.submit(picture());
      await stage.at(id, 'running');
      await stage.settings({ dispatchPaused: true });
      const { answered } = await stage.fillDatabase();
      await stage.faults({ nodes: [] });
      await until('a look that fails', () => stage.logged('cannot scan the folders of attempts, retrying').length > 0);
      expect((await stage.job(id)).status).toBe('running');
      expect((await stage.anna.fetch('/healthz')).status).toBe(200);
      const ready = await stage.anna.fetch('/readyz');
      expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining(stage.product.config.dataDir)]);
      stage.data.makeRoom();
      const told = await stage.ended(id);
      for (const job of answered) await stage.ben.api.jobs.cancel.mutate({ id: job });
      return { told };
    },
  },
  WHY_NO_MOUNT,
);
