import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Deps } from '../../process/deps.ts';
import { picture, unknownClass } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

let product: ProductUnderTest;
let deps: Deps;
let anna: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  product = await productUnderTest({
    fleet: { replicas: 2 },
    arrange: (given) => {
      deps = given;
      return given;
    },
  });
  [anna, ben] = [await product.participant('Anna'), await product.participant('Ben')];
});
afterAll(() => product.stop());

const submit = async (who: TestPerson, title: string, prompt: unknown = picture()): Promise<string> =>
  (await who.api.jobs.submit.mutate({ prompt, title })).id;
const ended = (id: string) =>
  until(`the end of ${id}`, async () => {
    const job = await product.operator.api.jobs.get.query({ id });
    return job.endedAt !== null && job;
  });

test('the board is paged, in the order of turns, and narrowed by all that it can be', async () => {
  const { queue, endpoints } = product.operator.api.admin;
  await queue.pause.mutate({});
  const a = [await submit(anna, 'a1'), await submit(anna, 'a2'), await submit(anna, 'a3')];
  const b = [await submit(ben, 'b1'), await submit(ben, 'boat 100%')];
  const turns = [a[0], b[0], a[1], b[1], a[2]];
  await until('places in line', async () =>
    (await queue.jobs.query()).items.every(({ position }) => position !== null),
  );
  const ids = async (...[input]: Parameters<typeof queue.jobs.query>) =>
    (await queue.jobs.query(input)).items.map(({ id }) => id);

  expect(await ids()).toEqual(turns);
  expect([await ids({ limit: 2 }), await ids({ from: 2, limit: 2 }), await ids({ from: 4 })]).toEqual([
    turns.slice(0, 2),
    turns.slice(2, 4),
    turns.slice(4),
  ]);
  expect((await queue.jobs.query({ from: 4, limit: 1 })).total).toBe(5);
  expect(await queue.ids.query({ userId: anna.id })).toEqual(a);
  expect(await ids({ state: 'on GPUs' })).toEqual([]);
  expect([await ids({ words: 'boat' }), await ids({ words: 'ben' }), await ids({ words: a[2] })]).toEqual([
    [b[1]],
    b,
    [a[2]],
  ]);

  expect(await queue.prioritise.mutate({ ids: [a[2] ?? '', 'never-was'], priority: 9 })).toMatchObject({
    done: [a[2]],
    refused: 1,
  });
  // The first look afterwards shows the new order and places.
  const board = (await queue.jobs.query()).items;
  expect(board.map(({ id }) => id)).toEqual([a[2], b[0], a[0], b[1], a[1]]);
  expect(board.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
  expect(await queue.cancel.mutate({ ids: [a[0] ?? '', a[0] ?? '', b[1] ?? ''] })).toMatchObject({
    done: [a[0], b[1]],
    refused: 1,
    why: 'This job has already ended.',
  });
  const left = (await queue.jobs.query()).items;
  expect(left.map(({ id, position }) => [id, position])).toEqual([
    [a[2], 1],
    [b[0], 2],
    [a[1], 3],
  ]);
  expect(await ids({ state: 'cancelled' })).toEqual(expect.arrayContaining([a[0], b[1]]));

  expect((await queue.retry.mutate({ ids: [b[1] ?? ''] })).done).toEqual([b[1]]);
  const again = (await queue.jobs.query({ userId: ben.id, words: 'boat', state: 'waiting' })).items[0];
  expect(again).toMatchObject({ owner: 'Ben', title: 'boat 100%' });

  await queue.resume.mutate();
  for (const id of [a[1], a[2], b[0], again?.id]) await ended(id ?? '');
  const [endpoint] = await endpoints.list.query();
  expect((await ids({ state: 'completed', endpointId: endpoint?.id ?? '' })).length).toBe(4);
  const last = async (state: 'completed' | 'cancelled') => (await queue.jobs.query({ state })).items[0]?.endpoint;
  expect([await last('completed'), await last('cancelled')]).toEqual(['GPUs', null]);
  expect((await anna.api.jobs.get.query({ id: a[1] ?? '' })).endpoint).toBeNull();
  expect(await ids({ state: 'completed', endpointId: 'another' })).toEqual([]);
  expect((await queue.jobs.query({ state: 'ended', limit: 1 })).total).toBe(6);
});

test('a job’s story: the worker’s refusal with its HTTP status, and what operators did', async () => {
  const { queue } = product.operator.api.admin;
  const refused = await submit(anna, 'broken', unknownClass());
  await ended(refused);
  const broken = await queue.story.query({ id: refused });
  expect(broken.attempts).toMatchObject([
    { number: 1, answer: null, httpStatus: 400, outcome: 'rejected_by_worker', endpoint: 'GPUs' },
  ]);
  expect(broken.story.map(({ what }) => what)).toEqual([
    'Anna pressed Run.',
    'Attempt 1: sent to GPUs.',
    'Refused (HTTP 400).',
    'ComfyUI refused the workflow.',
    'Failed.',
  ]);
  expect((await queue.jobs.query({ state: 'failed', reason: 'rejected_by_worker' })).items).toMatchObject([
    { id: refused },
  ]);

  await queue.pause.mutate({});
  const good = await submit(anna, 'good');
  await queue.prioritise.mutate({ ids: [good], priority: 9 });
  await queue.resume.mutate();
  await ended(good);
  const { story, spans, attempts, job, owner } = await queue.story.query({ id: good });
  const words = story.map(({ what }) => what);
  expect(words).toEqual(
    expect.arrayContaining(['Teacher changed its priority.', 'Accepted (HTTP 200).', 'shot_00003_.png saved.']),
  );
  expect(words.at(-1)).toBe('Done.');
  expect(owner).toEqual({ id: anna.id, name: 'Anna' });
  expect(attempts).toMatchObject([{ outcome: 'completed' }]);
  expect(spans.reduce((sum, { ms }) => sum + ms, 0)).toBe(Date.parse(job.endedAt ?? '') - Date.parse(job.createdAt));
});

test('the overview counts the class, and says what is wrong with what helps', async () => {
  const { overview, endpoints, queue } = product.operator.api.admin;
  const tab = anna.listen();
  await tab.ready;
  const [endpoint] = await endpoints.list.query();
  const { id = '', name = '', url = '' } = endpoint ?? {};
  await endpoints.upsert.mutate({ id, name, url, gpu: 'simulated', pricePerHour: 3600, capacity: 2 });
  const read = await until('fresh figures', async () => {
    const seen = await overview.read.query();
    return seen.completed === 5 && seen.cost > 0 && seen;
  });
  expect(read).toMatchObject({ failed: 1, cancelled: 2, waiting: 0, onGpus: 0, here: 1, unpricedMs: 0 });
  expect(read.failedByReason).toEqual([{ reason: 'rejected_by_worker', count: 1 }]);
  expect(read.cost).toBeCloseTo(read.gpuMs / 1000);
  const people = Object.fromEntries(read.people.map((one) => [one.name, one]));
  expect(people).toMatchObject({ Anna: { tabs: 1, completed: 3, failed: 1 }, Ben: { tabs: 0, completed: 2 } });
  expect((people.Anna?.gpuMs ?? 0) + (people.Ben?.gpuMs ?? 0)).toBe(read.gpuMs);
  expect(read.findings).toEqual([]);
  const line = await overview.timeline.query();
  expect(line.completed.reduce((sum, n) => sum + n, 0)).toBe(5);
  await tab.close();

  await queue.pause.mutate({ intake: true });
  await endpoints.setEnabled.mutate({ id, enabled: false });
  const codes = (await overview.read.query()).findings.map(({ code, help }) => [code, help]);
  expect(codes).toEqual([
    ['all_disabled', { type: 'enable', endpointId: id, name }],
    ['queue_paused', { type: 'resume' }],
  ]);
  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString();
  expect(await overview.read.query({ since: tomorrow })).toMatchObject({ completed: 0, gpuMs: 0 });
});

test('through 500 events a second all are told in order and the pages are answered', async () => {
  const { queue, overview } = product.operator.api.admin;
  const feed = product.operator.listen();
  await feed.ready;
  const first = (await deps.events.newestId()) + 1;
  const total = 500;
  let told = 0;
  const answers: number[] = [];
  // As many each 20 ms as make 500 a second.
  const flood = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      for (let i = 0; i < 10 && told < total; i += 1) {
        const event = { id: first + told, userId: anna.id, type: 'job.updated', jobId: `job-${told}` } as const;
        deps.bus.announce({ type: 'stored', event });
        told += 1;
      }
      if (told < total) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
  const ask = async () => {
    while (told < total) {
      await Promise.all([queue.jobs.query({ state: 'ended' }), queue.state.query(), overview.read.query()]);
      answers.push(told);
    }
  };
  await Promise.all([flood, ask()]);
  await until('all to be heard', () => feed.received.filter(({ data }) => data.type === 'job.updated').length >= total);
  const received = feed.received.flatMap(({ data }) => (data.type === 'job.updated' ? [data.jobId] : []));
  expect(received.slice(-total)).toEqual(Array.from({ length: total }, (_, i) => `job-${i}`));
  // The board is read once a second while somebody looks: it was answered far more often.
  expect(new Set(answers).size).toBeGreaterThan(2);
  await feed.close();
  expect(product.wentWrong()).toEqual([]);
});
