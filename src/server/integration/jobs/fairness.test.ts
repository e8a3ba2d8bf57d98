import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const PEOPLE = 10;
const EACH = 8;

let product: ProductUnderTest;
beforeAll(async () => {
  product = await productUnderTest({ fleet: { replicas: 4 } });
});
afterAll(() => product.stop());

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

test('80 jobs of 10 participants on 4 GPUs: all done, each picture once at its owner, turns taken round and round', async () => {
  const people = await product.participants(Array.from({ length: PEOPLE }, (_, n) => `Person ${n}`));
  // Runs are counted: none is there twice.
  await product.operator.api.admin.settings.change.mutate({ balancing: false });
  await product.operator.api.admin.queue.pause.mutate();
  // Unfair on purpose: whoever comes first queues all their jobs before the next one comes.
  const ownerOf = new Map<string, string>();
  const orderOf = new Map<string, string[]>();
  for (const { name, api } of people) {
    const own: string[] = [];
    for (let n = 0; n < EACH; n += 1) {
      const { id } = await api.jobs.submit.mutate({ prompt: picture({ prefix: 'shot' }), title: `${name} ${n}` });
      ownerOf.set(id, name);
      own.push(id);
    }
    orderOf.set(name, own);
  }
  const feed = product.operator.listen();
  await feed.ready;
  await product.operator.api.admin.queue.resume.mutate();
  await until(
    'all to be done',
    async () => {
      const { waiting, inFlight } = await product.operator.api.admin.queue.state.query();
      return waiting === 0 && inFlight === 0;
    },
    120_000,
  );
  const lists = await Promise.all(
    people.map(async (person) => ({ person, jobs: (await person.api.jobs.list.query({ limit: 200 })).items })),
  );

  // The first that is heard of a job is that it was sent.
  const sent: string[] = [];
  for (const { data } of feed.received)
    if (data.type === 'job.updated' && !sent.includes(data.jobId)) sent.push(data.jobId);
  expect(sent).toHaveLength(PEOPLE * EACH);
  for (let round = 0; round < EACH; round += 1) {
    const served = sent.slice(round * PEOPLE, (round + 1) * PEOPLE).map((id) => ownerOf.get(id));
    expect(new Set(served).size, `round ${round}: ${served.join(', ')}`).toBe(PEOPLE);
  }
  for (const [name, own] of orderOf) expect(sent.filter((id) => ownerOf.get(id) === name)).toEqual(own);

  for (const { person, jobs } of lists) {
    expect(jobs.map(({ status, attempts, results }) => [status, attempts, results.length])).toEqual(
      Array.from({ length: EACH }, () => ['completed', 1, 1]),
    );
    expect(await product.filesOf(person)).toEqual(
      Array.from({ length: EACH }, (_, n) => `shot_${String(n + 1).padStart(5, '0')}_.png`),
    );
    for (const { id, results } of jobs) {
      const bytes = await readFile(join(product.folders.outputs, person.name, results[0]?.filename ?? ''));
      expect(bytes.includes(id), `${results[0]?.filename} of ${person.name} carries the id of its job`).toBe(true);
    }
  }
  const runs = (await product.fleet().control.state()).replicas.flatMap(({ executed }) => executed);
  expect(runs.filter(({ outcome }) => outcome === 'success')).toHaveLength(PEOPLE * EACH);

  const resumed = Math.min(...lists.flatMap(({ jobs }) => jobs.map(({ startedAt }) => Date.parse(startedAt ?? ''))));
  const rows = lists.map(({ person, jobs }) => {
    const waits = jobs.map(({ startedAt }) => Date.parse(startedAt ?? '') - resumed).sort((a, b) => a - b);
    return [person.name, seconds(waits[0] ?? 0), seconds(waits[EACH / 2] ?? 0), seconds(waits.at(-1) ?? 0)]
      .map((cell) => cell.padStart(10))
      .join('');
  });
  process.stdout.write(
    `\n${['', 'first s', 'median s', 'last s'].map((cell) => cell.padStart(10)).join('')}\n${rows.join('\n')}\n\n`,
  );
  expect(product.wentWrong()).toEqual([]);
  await feed.close();
}, 180_000);
