import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const REPLICAS = 2;

describe('live progress at an endpoint', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let id = '';
  const admin = () => product.operator.api.admin;
  const endpoint = async () => (await admin().endpoints.list.query()).find((one) => one.id === id);
  const use = async () => (await admin().endpoints.use.query())[0]!;
  const begin = () => admin().endpoints.testListening.mutate({ id });
  const over = () =>
    until('the end of the test', async () => {
      const test = await admin().endpoints.listeningTest.query({ id });
      return test !== null && test.type !== 'running' && test;
    });
  const ended = (jobId: string) =>
    until(`the end of job ${jobId}`, async () => {
      const job = await anna.api.jobs.get.query({ id: jobId });
      return job.endedAt !== null && job;
    });
  const events = async (type: string) =>
    (await admin().events.list.query({ words: type })).items.filter((one) => one.type === type);
  const connections = async () => (await product.fleet().control.state()).requests['GET /ws'] ?? {};

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { version: '0.33.0', replicas: REPLICAS } });
    anna = await product.participant('Anna');
    id = (await admin().endpoints.list.query())[0]!.id;
  });
  afterEach(async () => {
    await product.fleet().control.setFaults({ webSockets: 'pass', swallow: false, slowByMs: 0 });
  });
  afterAll(() => product.stop());

  test('a test sends tiny jobs with it and without, and says what came of them; it leaves no trace but its entries', async () => {
    expect(await admin().endpoints.listeningTest.query({ id })).toBeNull();
    const before = await endpoint();
    await begin();
    await expect(begin()).rejects.toThrow('A test of "GPUs" is already running.');
    expect(await admin().endpoints.listeningTest.query({ id })).toMatchObject({ type: 'running' });
    expect(await over()).toMatchObject({
      type: 'done',
      verdict: {
        off: expect.stringMatching(/^Off: the job was done after \d\.\d s\.$/),
        on: expect.stringMatching(/^On: \d WebSockets opened; the job was done after \d\.\d s, and was heard\.$/),
        advice: 'Jobs start, and live progress works.',
        set: 'on',
      },
    });

    expect(await endpoint()).toEqual(before);
    expect(await admin().overview.read.query()).toMatchObject({ gpuMs: 0, completed: 0, failed: 0 });
    expect((await admin().queue.jobs.query({})).items).toEqual([]);
    expect((await admin().storage.strays.query()).strays).toEqual([]);
    expect(await product.filesOf({ name: 'Teacher' })).toEqual([]);
    expect(await readdir(join(product.folders.sfs, 'outputs/comfyume'))).not.toEqual([]);
    expect(await use()).toMatchObject({ rendering: 0, listened: 0, replicasHeard: 0, classUtilisation: null });
    expect(await events('admin.endpoints.testListening')).toMatchObject([
      { actor: { name: 'Teacher' }, subjectId: id },
    ]);
    expect(await events('endpoint.listeningTested')).toMatchObject([
      { actor: null, subjectId: id, detail: { sentence: expect.stringContaining('live progress works') } },
    ]);
  });

  test('where WebSockets are refused, jobs run all the same', async () => {
    await product.fleet().control.setFaults({ webSockets: 'refuse' });
    await begin();
    expect(await over()).toMatchObject({
      verdict: { on: expect.stringContaining('On: WebSockets are refused; the job was done'), set: 'off' },
    });
  });

  test('a test says that no replica starts in time, and does not try the other half', async () => {
    await admin().settings.change.mutate({ startBudgetMs: 3000 });
    await product.fleet().control.setFaults({ swallow: true });
    const before = await connections();
    await begin();
    expect(await over()).toMatchObject({
      verdict: {
        off: 'Off: no job started within 3 s.',
        on: null,
        advice: expect.stringContaining('Jobs do not run here'),
        set: null,
      },
    });
    expect(await connections()).toEqual(before);
    expect((await endpoint())?.restsUntil).toBeNull();
  });

  test('where they take the places of jobs, no job starts, and the next one does', async () => {
    await product.fleet().control.setFaults({ webSockets: 'occupy' });
    await begin();
    expect(await over()).toMatchObject({
      verdict: {
        on: 'On: 2 WebSockets opened; no job started within 3 s.',
        advice: 'With live progress on, jobs do not start: its WebSockets take the place of jobs.',
        set: 'off',
      },
    });
    await until('every place free', async () => (await product.fleet().control.state()).held === 0);
    await product.fleet().control.setFaults({ webSockets: 'pass' });
    const job = await ended((await anna.api.jobs.submit.mutate({ prompt: picture() })).id);
    expect(job).toMatchObject({ status: 'completed', attempts: 1 });
    expect((await endpoint())?.restsUntil).toBeNull();
  });

  test('figures: replicas that are heard, how busy they are, and how many runs were heard; meanwhile nothing is tested', async () => {
    await admin().settings.change.mutate({ startBudgetMs: 600_000 });
    const { control } = product.fleet();
    // They must still run when they have been looked at.
    await control.setFaults({ slowByMs: 1500 });
    const jobs = await Promise.all([1, 2].map(() => anna.api.jobs.submit.mutate({ prompt: picture() })));
    const busy = await until('a run that is heard', async () => {
      const now = await use();
      return now.replicasHeard > 0 && now.rendering > 0 && now;
    });
    expect(busy.replicas).toBeGreaterThanOrEqual(busy.replicasHeard);
    expect(busy.utilisation).toBeGreaterThan(0);
    await expect(begin()).rejects.toThrow('Jobs are running on "GPUs".');
    const metrics = await (await product.visitor().fetch('/metrics')).text();
    expect(metrics).toMatch(/^comfyume_endpoint_replicas_heard\{endpoint="GPUs"\} [12]$/m);
    expect(metrics).toMatch(/^comfyume_endpoint_utilisation\{endpoint="GPUs"\} (1|0\.5)$/m);
    for (const job of jobs) await ended(job.id);
    await expect(begin()).rejects.toThrow('WebSockets of the last jobs are still open there.');
    const after = await until('the figures', async () => {
      const now = await use();
      return now.rendering === 0 && now.listened >= 2 && now;
    });
    expect(after.heard).toBeGreaterThan(0);
    expect(after.heard).toBeLessThanOrEqual(after.listened);
    expect(after.classUtilisation).toBeGreaterThan(0);

    await product.pause();
    await product.resume();
    expect(await use()).toMatchObject({ heard: after.heard, listened: after.listened, replicasHeard: 0 });
    expect(product.wentWrong()).toEqual([]);
  });
});
