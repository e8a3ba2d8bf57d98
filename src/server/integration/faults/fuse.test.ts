import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectShareMode } from '#src/adapters/files/share/share-mode.ts';
import { startFleet } from '#src/simulator/start-fleet.ts';
import { picture } from '../testing/graphs.ts';
import { newFolders, OPERATOR, signIn } from '../testing/product-under-test.ts';
import { startServer } from '../testing/server-process.ts';
import { until } from '../testing/until.ts';
import { type Visitor, visitor } from '../testing/visitor.ts';

const STALE_SECONDS = 3;

/** bindfs passes a folder through FUSE: no events for what is written beneath it, and attributes as old as it is told. */
const WHY_NOT =
  spawnSync('bindfs', ['--version']).status !== 0
    ? 'bindfs is not installed'
    : spawnSync('test', ['-w', '/dev/fuse']).status !== 0
      ? 'there is no /dev/fuse that we may use'
      : null;

async function mountStale(beneath: string, mount: string) {
  const options = `attr_timeout=${STALE_SECONDS},entry_timeout=${STALE_SECONDS},negative_timeout=${STALE_SECONDS}`;
  const child = spawn('bindfs', ['-f', '-o', options, beneath, mount], { stdio: 'ignore' });
  const isMounted = () => spawnSync('mountpoint', ['-q', mount]).status === 0;
  await until('the mount', () => isMounted() || child.exitCode !== null);
  if (!isMounted()) throw new Error(`bindfs ended with ${child.exitCode}.`);
  return {
    /** From now on whoever touches the mount waits. */
    hang: () => child.kill('SIGSTOP'),
    goOn: () => child.kill('SIGCONT'),
    async unmount() {
      const gone = once(child, 'exit');
      child.kill('SIGCONT');
      spawnSync('umount', ['-l', mount]);
      child.kill('SIGTERM');
      await gone;
    },
  };
}

describe.skipIf(WHY_NOT !== null)(
  `a share without events and with stale attributes${WHY_NOT === null ? '' : ` (not here: ${WHY_NOT})`}`,
  { timeout: 90_000 },
  () => {
    const closers: (() => Promise<unknown>)[] = [];
    let share: Awaited<ReturnType<typeof mountStale>>;
    let mount = '';
    let operator: Visitor;
    let people: { name: string; api: Visitor['api']; fetch: Visitor['fetch'] }[] = [];

    beforeAll(async () => {
      const { root, data, outputs, sfs: beneath } = await newFolders();
      closers.push(() => rm(root, { recursive: true, force: true }));
      mount = join(root, 'mount');
      for (const dir of [mount, data, join(beneath, 'outputs'), join(beneath, 'inputs')])
        await mkdir(dir, { recursive: true });
      share = await mountStale(beneath, mount);
      closers.push(() => share.unmount());
      const fleet = await startFleet({
        outputs: join(beneath, 'outputs'),
        inputs: join(beneath, 'inputs'),
        pace: 0,
        replicas: 2,
        minReplicas: 2,
      });
      closers.push(() => fleet.stop());
      const server = await startServer({
        PORT: '0',
        DATA_DIR: data,
        OUTPUTS_DIR: outputs,
        SFS_DIR: mount,
        SFS_POLL_MS: '200',
        ENDPOINTS: JSON.stringify([{ name: 'GPUs', url: fleet.url, capacity: 20 }]),
        ADMIN_NAME: OPERATOR.name,
        ADMIN_PASSWORD: OPERATOR.password,
      });
      closers.push(() => server.end('SIGTERM'));
      operator = visitor(server.url);
      await signIn(operator, OPERATOR);
      await operator.api.admin.settings.change.mutate({ inFlightCap: 20 });
      const names = ['Anna', 'Ben', 'Cleo', 'Dora'];
      people = [];
      for (const { name, passphrase } of await operator.api.admin.participants.create.mutate({ names })) {
        const person = visitor(server.url);
        await signIn(person, { name, password: passphrase });
        people.push({ name, ...person });
      }
    }, 90_000);
    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    });

    const each = 5;
    const submitAll = () =>
      Promise.all(
        people.flatMap((who) =>
          Array.from({ length: each }, async () => ({
            who,
            id: (await who.api.jobs.submit.mutate({ prompt: picture() })).id,
          })),
        ),
      );
    type Sent = Awaited<ReturnType<typeof submitAll>>;
    const allDone = (sent: Sent) =>
      Promise.all(
        sent.map(({ who, id }) =>
          until(
            `the end of job ${id}`,
            async () => {
              const job = await who.api.jobs.get.query({ id });
              return job.endedAt !== null && job;
            },
            60_000,
          ),
        ),
      );

    test('it is polled', async () => expect(await detectShareMode(join(mount, 'outputs'))).toBe('poll'));

    test('a class of twenty jobs: every picture arrives', async () => {
      const sent = await submitAll();
      for (const job of await allDone(sent))
        expect(job).toMatchObject({ status: 'completed', attempts: 1, results: [{ jobId: job.id }] });
      for (const who of people) expect((await who.api.results.list.query()).items).toHaveLength(each);
    });

    test('it hangs with twenty jobs on their way: everything else goes on, and they arrive when it answers again', async () => {
      const [anna] = people;
      const before = (await anna?.api.results.list.query())?.items[0];
      if (!anna || !before) throw new Error('Anna should have a result.');
      await operator.api.admin.queue.pause.mutate();
      const sent = await submitAll();
      await operator.api.admin.queue.resume.mutate();
      await until('jobs to be on their way', async () => (await operator.api.admin.queue.state.query()).inFlight >= 10);
      share.hang();
      try {
        // Long enough for every look that may begin to have begun.
        const end = performance.now() + 3000;
        while (performance.now() < end) {
          const answer = await anna.fetch(before.url, { signal: AbortSignal.timeout(5000) });
          expect((await answer.arrayBuffer()).byteLength).toBe(before.bytes);
          expect(await anna.api.jobs.list.query({ limit: 1 })).toMatchObject({ items: [{}] });
        }
        const ready = await anna.fetch('/readyz', { signal: AbortSignal.timeout(5000) });
        expect(ready.status).toBe(503);
      } finally {
        share.goOn();
      }
      for (const job of await allDone(sent))
        expect(job).toMatchObject({ status: 'completed', attempts: 1, results: [{ jobId: job.id }] });
    });
  },
);
