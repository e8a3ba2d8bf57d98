import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { type RunningFleet, startFleet } from '#src/simulator/start-fleet.ts';
import { picture } from '../testing/graphs.ts';
import {
  type Folders,
  newFolders,
  OPERATOR,
  type ProductUnderTest,
  productUnderTest,
  signIn,
} from '../testing/product-under-test.ts';
import { refusedStart, type ServerProcess, startServer } from '../testing/server-process.ts';
import { until } from '../testing/until.ts';
import { type Visitor, visitor } from '../testing/visitor.ts';

const allEnded = async (who: Visitor, ids: readonly string[]) => {
  const jobs = await Promise.all(ids.map((id) => who.api.jobs.get.query({ id })));
  return jobs.every(({ endedAt }) => endedAt !== null) && jobs;
};

describe('stopped in the middle and started again', () => {
  let product: ProductUnderTest;
  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 2 } });
  });
  afterAll(() => product.stop());

  test('it goes on where it was: what ran, what waited, who was signed in', async () => {
    const anna = await product.participant('Anna');
    // Runs are counted: none is there twice.
    await product.operator.api.admin.settings.change.mutate({ balancing: false });
    await product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await anna.api.jobs.submit.mutate({ prompt: picture() })).id);
    // Routed at random, both may be at one replica: then the second waits in its queue.
    await until('two jobs to be there, and one to run', async () => {
      const { items } = await anna.api.jobs.list.query({ status: ['dispatched', 'running'] });
      return items.length === 2 && items.some(({ status }) => status === 'running');
    });
    await product.pause();
    await product.fleet().control.setFaults({ nodes: [] });
    await until(
      'the GPUs to be done',
      async () => (await product.fleet().control.state()).replicas.flatMap(({ executed }) => executed).length === 2,
    );
    await product.resume();
    const jobs = await until('all to end', () => allEnded(anna, ids));
    for (const job of jobs)
      expect(job).toMatchObject({ status: 'completed', attempts: 1, results: [{ jobId: job.id }] });
    expect(await product.filesOf(anna)).toHaveLength(5);
    expect((await product.fleet().control.state()).replicas.flatMap(({ executed }) => executed)).toHaveLength(5);
  });
});

describe('the server process', { timeout: 240_000 }, () => {
  let folders: Folders;
  let fleet: RunningFleet | null = null;
  const running: ServerProcess[] = [];

  afterEach(async () => {
    for (const server of running.splice(0)) await server.end('SIGKILL');
    await fleet?.stop();
    fleet = null;
    await rm(folders.root, { recursive: true, force: true });
  });

  const variables = (port = '0'): Record<string, string> => ({
    PORT: port,
    DATA_DIR: folders.data,
    SFS_DIR: folders.sfs,
    OUTPUTS_DIR: folders.outputs,
    ADMIN_NAME: OPERATOR.name,
    ADMIN_PASSWORD: OPERATOR.password,
    SFS_POLL_MS: '200',
    ...(fleet ? { ENDPOINTS: JSON.stringify([{ name: 'GPUs', url: fleet.url, capacity: 3 }]) } : { DEMO: 'off' }),
  });
  async function start(port?: string): Promise<ServerProcess> {
    const server = await startServer(variables(port));
    running.push(server);
    return server;
  }
  async function withFleet(): Promise<void> {
    folders = await newFolders();
    fleet = await startFleet({
      outputs: join(folders.sfs, 'outputs'),
      inputs: join(folders.sfs, 'inputs'),
      pace: 0,
      replicas: 3,
      minReplicas: 3,
    });
  }

  test('killed at any moment: what was answered is kept, every job ends, every file comes once', async () => {
    await withFleet();
    let server = await start();
    const { port } = new URL(server.url);
    const operator = visitor(server.url);
    await signIn(operator, OPERATOR);
    // A kill between claiming a job and sending it leaves an attempt that never starts: that is found out by time alone.
    await operator.api.admin.settings.change.mutate({ startBudgetMs: 5000, maxAttempts: 10 });
    const [credentials] = await operator.api.admin.participants.create.mutate({ names: ['Anna'] });
    const anna = visitor(server.url);
    await signIn(anna, { name: 'Anna', password: credentials?.passphrase ?? '' });

    const answered = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const submitting = Array.from({ length: 8 }, async () => {
        // Never answered: asked again under the same id, as the extension does.
        const body = { prompt: picture({ prefix: 'kill' }), clientRequestId: randomUUID() };
        answered.add((await until('an answer', () => anna.api.jobs.submit.mutate(body).catch(() => null))).id);
      });
      const enough = Math.floor(Math.random() * 8);
      await until('some answers', () => answered.size >= round * 8 + enough);
      await server.end('SIGKILL');
      server = await start(port);
      await Promise.all(submitting);
    }
    expect(answered.size).toBe(24);
    const jobs = await until('all to end', () => allEnded(anna, [...answered]), 120_000);
    for (const job of jobs)
      expect(job).toMatchObject({ status: 'completed', results: [{ jobId: job.id, nodeId: '9' }] });
    const { items } = await anna.api.results.list.query({ limit: 200 });
    expect(items).toHaveLength(24);
    expect(new Set(items.map(({ sha256 }) => sha256)).size).toBe(24);
    expect((await anna.api.jobs.list.query({ limit: 200 })).items).toHaveLength(24);
    expect(new Set(items.map(({ filename }) => filename)).size).toBe(24);
  });

  test('SIGTERM with jobs under way and a socket open: it ends in order, with 0, and nothing is lost', async () => {
    await withFleet();
    let server = await start();
    const { port } = new URL(server.url);
    const operator = visitor(server.url);
    await signIn(operator, OPERATOR);
    const feed = operator.listen();
    await feed.ready;
    const ids = await Promise.all(
      Array.from({ length: 6 }, async () => (await operator.api.jobs.submit.mutate({ prompt: picture() })).id),
    );
    const { code, signal, stdout, stderr } = await server.end('SIGTERM');
    expect([code, signal]).toEqual([0, null]);
    expect(stderr).not.toContain('nobody caught');
    // It would end with 1 by itself when something held it up.
    expect(stderr).not.toContain('could not shut down in time');
    expect(stdout).toContain('Stopping (SIGTERM)');
    await feed.close();
    server = await start(port);
    const jobs = await until('all to end', () => allEnded(operator, ids));
    for (const job of jobs)
      expect(job).toMatchObject({ status: 'completed', attempts: 1, results: [{ jobId: job.id }] });
  });

  test('an error that nobody caught: it is logged whole, and the process stops in order, with 1', async () => {
    folders = await newFolders();
    const planted = "process.on('SIGUSR2', () => { throw new Error('planted'); })";
    const server = await startServer({
      ...variables(),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(planted)}`,
    });
    running.push(server);
    const { code, signal, stderr } = await server.end('SIGUSR2');
    expect([code, signal]).toEqual([1, null]);
    expect(stderr).toContain('Error: planted');
    expect(stderr).toContain('uncaught exception, shutting down');
  });

  describe('cannot start: one sentence, and code 1', () => {
    const sentence = (text: string) => ({ code: 1, stderr: `\n  ${text}\n\n` });

    test('a port that is taken', async () => {
      folders = await newFolders();
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      expect(await refusedStart(variables(String(port)))).toEqual(
        sentence(`Port ${port} is in use by another program. Stop it, or set PORT to another number.`),
      );
      other.close();
    });

    test('a folder that cannot be written to', async () => {
      folders = await newFolders();
      expect(await refusedStart({ ...variables(), DATA_DIR: '/dev/null/data' })).toEqual(
        sentence('The folder /dev/null/data cannot be written to (ENOTDIR). Set DATA_DIR to a writable one.'),
      );
    });

    test('wrong variables, all of them at once', async () => {
      folders = await newFolders();
      expect(await refusedStart({ ...variables(), PORT: 'many', SFS_WATCH: 'no' })).toEqual(
        sentence(
          'Invalid configuration:\n  PORT should be a whole number from 0 to 65535\n  SFS_WATCH should be "auto", "events" or "poll"',
        ),
      );
    });

    test('data that another comfyume has open, and data that is none', async () => {
      folders = await newFolders();
      await start();
      const file = join(folders.data, 'comfyume.db');
      expect(await refusedStart(variables())).toEqual(
        sentence(
          `The database ${file} is in use by another process, most likely another comfyume. Stop that one, or set DATA_DIR to another folder.`,
        ),
      );
      expect(await refusedStart({ ...variables(), DATABASE_URL: 'file:/dev/null/x.db' })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('The database /dev/null/x.db cannot be opened.'),
      });
    });

    test('a first operator of a name that a participant has', async () => {
      folders = await newFolders();
      const server = await start();
      const operator = visitor(server.url);
      await signIn(operator, OPERATOR);
      await operator.api.admin.participants.create.mutate({ names: ['Anna'] });
      await server.end('SIGTERM');
      const db = await openDatabase(`file:${join(folders.data, 'comfyume.db')}`);
      await db.user.deleteMany({ where: { role: 'operator' } });
      await db.close();
      expect(await refusedStart({ ...variables(), ADMIN_NAME: 'anna' })).toEqual(
        sentence('ADMIN_NAME is "anna", but a participant has that name.'),
      );
    });
  });
});
