import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVerda } from '#src/adapters/verda/verda.ts';
import type { JobView } from '#src/api/views.ts';
import { type FakeVerda, startFakeVerda } from '#src/simulator/verda/fake-verda.ts';
import { TIMINGS } from '../../timings.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const CREDENTIALS = { clientId: 'id', clientSecret: 'secret' };
const IDLE_MS = 1000;
const SHORT_TIMINGS = {
  ...TIMINGS,
  endQuietMs: 150,
  asking: {
    ...TIMINGS.asking,
    firstAfterMs: 100,
    reachWithinMs: 100,
    minPauseMs: 20,
    maxPauseMs: 50,
    lostChance: 0.01,
    lostAfterMs: 0,
  },
  coolDowns: { firstMs: 50, maxMs: 200 },
  platform: {
    everyMs: 120,
    listEveryMs: 400,
    quietMs: 250,
    explainAfterMs: 100,
    coolDowns: { firstMs: 100, maxMs: 400 },
  },
};

/** A GPU behind a balancer that takes replicas away without asking whether they are at work, managed by a stand-in for Verda. */
describe('a class on Verda', () => {
  let fake: FakeVerda;
  let product: ProductUnderTest;
  let anna: TestPerson;
  const verda = (dryRun = false) => ({ ...CREDENTIALS, baseUrl: fake.url, dryRun });
  const flux = () => fake.deployments[0]!;

  beforeAll(async () => {
    fake = await startFakeVerda({ ...CREDENTIALS, deployments: [] });
    product = await productUnderTest({
      fleet: { replicas: 1, minReplicas: 0, coldStartMs: 200, idleMs: IDLE_MS, blindScaleDown: true },
      config: { verda: verda() },
      arrange: (deps) => ({
        ...deps,
        timings: SHORT_TIMINGS,
        platform: createVerda(verda(), { all: 500, onePath: 500, windowMs: 1000 }),
      }),
    });
    fake.deployments.push({
      name: 'flux',
      url: product.fleet().url,
      gpu: 'H200',
      spot: true,
      min: 0,
      max: 2,
      replicas: [],
      fleet: product.fleet().control,
      logs: [],
      systemLogs: [],
    });
    // Asking a replica makes it look busy to the simulated platform.
    await probe(false);
    anna = await product.participant('Anna');
  });
  afterAll(async () => {
    await product.stop();
    await fake.stop();
  });

  const probe = (isOn: boolean) => product.operator.api.admin.settings.change.mutate({ probe: isOn });
  const submit = async (): Promise<string> => (await anna.api.jobs.submit.mutate({ prompt: picture() })).id;
  const job = (id: string): Promise<JobView> => anna.api.jobs.get.query({ id });
  const ended = (id: string) =>
    until(`the end of job ${id}`, async () => {
      const now = await job(id);
      return now.endedAt !== null && now;
    });
  const isRendering = (id: string) => until('it renders', async () => (await job(id)).phase === 'rendering');
  const hold = (isOn: boolean) =>
    product.fleet().control.setFaults({ nodes: isOn ? [{ kind: 'hold', classType: 'ImageAddNoise' }] : [] });
  const heldAt = (min: number) => until(`at least ${min} replicas held`, () => flux().min === min);
  const auditLog = async () =>
    (await product.operator.api.admin.events.list.query({})).items.filter(({ type }) =>
      /^(replicas|attempt)\./.test(type),
    );
  const state = async () => (await product.operator.api.admin.platform.state.query()).deployments[0];
  const warnings = () => product.log.filter(({ message }) => message.startsWith('GPU platform unavailable'));
  const takenAway = async (): Promise<number> =>
    (await product.fleet().control.state()).replicas.filter(
      ({ phase, running }) => phase === 'gone' && running !== null,
    ).length;

  test('looking at it starts nothing; a deployment becomes an endpoint, with its price', async () => {
    const found = await until('the deployment to be seen', async () => {
      const now = await state();
      return now?.endpoints[0]?.name === 'GPUs' && now.pricePerHour !== null && now.seenAt !== null && now;
    });
    expect(found).toMatchObject({
      name: 'flux',
      gpu: 'H200',
      spot: true,
      minReplicas: 0,
      maxReplicas: 2,
      replicas: {},
    });
    expect(found).toMatchObject({ pricePerHour: 0.97, heldFrom: null, problem: null });
    const { api } = product.operator;
    expect(await api.admin.platform.adopt.mutate({ deployment: 'flux' })).toMatchObject({ name: 'GPUs' });
    expect(await api.admin.endpoints.list.query()).toMatchObject([{ name: 'GPUs', gpu: 'H200', pricing: 'spot' }]);
    await expect(api.admin.platform.adopt.mutate({ deployment: 'none' })).rejects.toThrow('no deployment named none');
    expect(await product.fleet().control.state()).toMatchObject({ replicas: [], requests: {} });
  });

  test('a cold start is told step by step, and its GPU is held until a while after', async () => {
    fake.control.booting = 'imagepulling';
    await product.fleet().control.setFaults({ coldStartHangs: true });
    const id = await submit();
    const woken = (wake: JobView['wake']) =>
      until(`it to be told: ${wake}`, async () => {
        const now = await job(id);
        return now.wake === wake && now;
      });
    expect((await woken('image_pulling')).phase).toBe('waking');
    fake.control.booting = 'initializing';
    expect((await woken('initializing')).phase).toBe('waking');
    await heldAt(1);
    await until('the hold to be shown', async () => (await state())?.heldFrom === 0);
    await product.fleet().control.setFaults({ coldStartHangs: false });
    expect(await ended(id)).toMatchObject({ status: 'completed', attempts: 1, wake: null });
    await until('it to be let go', async () => (await auditLog())[0]?.type === 'replicas.letGo');
    expect(flux().min).toBe(0);
    expect((await auditLog()).map(({ type, detail }) => [type, detail.to])).toEqual([
      ['replicas.letGo', 0],
      ['replicas.held', 1],
    ]);
  });

  test('a render outlasts the platform’s patience with idle GPUs, because its GPU is held', async () => {
    await hold(true);
    const id = await submit();
    await isRendering(id);
    const patience = Date.now() + IDLE_MS * 1.5;
    await until('the platform’s patience to be over', () => Date.now() > patience);
    expect((await job(id)).phase).toBe('rendering');
    // Our process ends and begins again in the middle: the GPU stays held, and is let go in the end.
    await product.pause();
    expect(flux().min).toBe(1);
    await product.resume();
    await hold(false);
    expect(await ended(id)).toMatchObject({ status: 'completed', attempts: 1 });
    await heldAt(0);
  });

  test('what somebody else sets meanwhile is left alone', async () => {
    await hold(true);
    const id = await submit();
    await isRendering(id);
    await heldAt(1);
    flux().min = 2;
    await until('it to be noticed', async () => (await auditLog())[0]?.type === 'replicas.leftAlone');
    await hold(false);
    await ended(id);
    const asked = fake.requests.length;
    await until('more looks', async () => (await state()) && fake.requests.length > asked + 6);
    expect(flux().min).toBe(2);
    flux().min = 0;
  });

  test('a spot GPU that goes away: the job is tried again, and the operator told what probably became of it', async () => {
    await hold(true);
    const id = await submit();
    await isRendering(id);
    await probe(true);
    await product.fleet().control.kill('busy');
    flux().systemLogs.push({
      timestamp: new Date().toISOString(),
      reason: 'Preempted',
      message: 'spot capacity was reclaimed',
      involved_object: 'flux',
      count: 1,
    });
    await hold(false);
    expect(await ended(id)).toMatchObject({ status: 'completed', attempts: 2 });
    await probe(false);
    const told = await until('it to be explained', async () =>
      (await auditLog()).find(({ type }) => type === 'attempt.explained'),
    );
    expect(told).toMatchObject({ subjectId: id, detail: { probably: 'Preempted: spot capacity was reclaimed' } });
  });

  test('while Verda is down or refuses requests, jobs go on; it is told once, and over when it is', async () => {
    const before = warnings().length;
    fake.control.refusal = { status: 503, code: 'service_unavailable', message: 'maintenance' };
    expect(await ended(await submit())).toMatchObject({ status: 'completed' });
    await until('it to be told', async () => (await state())?.problem?.includes('maintenance'));
    const told = warnings().slice(before);
    const about = told.map(({ facts }) => ('what' in facts ? facts.what : null));
    expect(about).toEqual([...new Set(about)]);
    fake.control.refusal = { status: 429, code: 'rate_limit_exceeded', message: 'slow down', retryAfter: 0.3 };
    expect(await ended(await submit())).toMatchObject({ status: 'completed' });
    fake.control.refusal = null;
    await until('it to be over', async () => (await state())?.problem === null);
    expect(product.log.some(({ message }) => message === 'GPU platform responding again')).toBe(true);
  });

  test('without holding, the platform takes the GPU away in mid-render; a dry run only says what it would do', async () => {
    await product.pause();
    await product.resume({ verda: verda(true) });
    await hold(true);
    const id = await submit();
    await isRendering(id);
    const before = await takenAway();
    await until('its GPU to be taken away', async () => (await takenAway()) > before);
    await hold(false);
    await probe(true);
    expect(await ended(id)).toMatchObject({ status: 'completed', attempts: 2 });
    expect(flux().min).toBe(0);
    expect(product.log).toContainEqual(
      expect.objectContaining({ message: 'dry run: would set the minimum number of replicas to 1' }),
    );
  });

  test('nothing went wrong meanwhile', () => expect(product.wentWrong()).toEqual([]));
});
