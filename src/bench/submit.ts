import { join } from 'node:path';
import autocannon from 'autocannon';
import { random } from '#src/adapters/auth/random.ts';
import { createJobStore } from '#src/adapters/db/jobs/job-store.ts';
import { openBare } from './bare-driver.ts';
import { bus, makeClass, openMigrated, type Student } from './class.ts';
import { withFolder } from './folder.ts';
import { startGpu } from './gpu.ts';
import { storyboard } from './graph.ts';
import { cpuSeconds } from './process-figures.ts';
import { type BenchProduct, withProduct } from './product.ts';
import { median, ms, quantile, table } from './report.ts';
import { type Load, load } from './workload.ts';

const CLIENTS = [1, 16, 64];
const ROUNDS = 3;
const ROUND_MS = 3000;
const BUSY_GPUS = 4;

const graph = storyboard();
const prompt = JSON.stringify(graph);

/** What each of the two did in every round; the ratio of a round comes from figures taken one right after the other. */
type Pair = { readonly bare: Load; readonly ours: Load };

function row(name: string, pairs: readonly Pair[]): string[] {
  const all = (which: keyof Pair) => pairs.flatMap((pair) => pair[which].latencies);
  return [
    name,
    median(pairs.map(({ ours, bare }) => ours.perSecond / bare.perSecond)).toFixed(2),
    median(pairs.map(({ ours }) => ours.perSecond)).toFixed(0),
    median(pairs.map(({ bare }) => bare.perSecond)).toFixed(0),
    ms(median(all('ours'))),
    ms(quantile(all('ours'), 0.99)),
    ms(median(all('bare'))),
    ms(median(pairs.map(({ ours }) => ours.cpuMs))),
    ms(median(pairs.map(({ bare }) => bare.cpuMs))),
  ];
}

const HEAD = ['', 'ratio', 'ours/s', 'bare/s', 'ours p50', 'ours p99', 'bare p50', 'CPU ours', 'CPU bare'];

async function submitOverHttp(product: BenchProduct, students: readonly Student[], clients: number): Promise<Load> {
  let next = 0;
  const latencies: number[] = [];
  const run = autocannon({
    url: `${product.url}/api/trpc/jobs.submit`,
    method: 'POST',
    connections: clients,
    duration: ROUND_MS / 1000,
    sampleInt: 100,
    timeout: 30,
    body: JSON.stringify({ prompt: graph, title: 'Lighthouse' }),
    setupClient: (client) => {
      const { token } = students[next % students.length] ?? { token: '' };
      next += 1;
      client.setHeaders({ 'content-type': 'application/json', authorization: `Bearer ${token}` });
    },
  });
  const cpuBefore = await cpuSeconds(product.pid);
  const began = performance.now();
  let ended = began;
  run.on('response', (_client, _status, _bytes, milliseconds) => {
    ended = performance.now();
    latencies.push(milliseconds);
  });
  const { errors, timeouts, non2xx } = await run;
  if (errors + timeouts + non2xx > 0)
    throw new Error(`jobs.submit: ${non2xx} refused, ${errors} errors, ${timeouts} without an answer.`);
  const cpuMs = (1000 * ((await cpuSeconds(product.pid)) - cpuBefore)) / latencies.length;
  return { perSecond: (latencies.length * 1000) / (ended - began), latencies, cpuMs };
}

async function bareInFolder<T>(folder: string, work: (bare: () => Promise<Load>) => Promise<T>): Promise<T> {
  const dataDir = join(folder, 'bare');
  const { operator } = await makeClass(dataDir, 0);
  const bare = await openBare(dataDir, operator.userId, prompt);
  try {
    return await work(() => load(1, ROUND_MS, bare.write));
  } finally {
    bare.close();
  }
}

const overHttp = (clients: number): Promise<Pair[]> =>
  withFolder((folder) =>
    bareInFolder(folder, async (bare) => {
      const gpu = await startGpu();
      try {
        const dataDir = join(folder, 'data');
        const { students } = await makeClass(dataDir, clients);
        const endpoint = { url: gpu.url, capacity: BUSY_GPUS };
        return await withProduct({ dataDir, sfsDir: join(folder, 'sfs'), endpoint }, async (product) => {
          const pairs: Pair[] = [];
          await submitOverHttp(product, students, clients);
          for (let round = 0; round < ROUNDS; round += 1)
            pairs.push({ bare: await bare(), ours: await submitOverHttp(product, students, clients) });
          return pairs;
        });
      } finally {
        await gpu.stop();
      }
    }),
  );

const storeAlone = (callers: number): Promise<Pair[]> =>
  withFolder((folder) =>
    bareInFolder(folder, async (bare) => {
      const dataDir = join(folder, 'store');
      const { operator } = await makeClass(dataDir, 0);
      const db = await openMigrated(dataDir);
      try {
        const store = createJobStore(db, bus);
        const add = () =>
          store.add({
            id: random.id(),
            userId: operator.userId,
            clientRequestId: null,
            title: 'Lighthouse',
            prompt,
            workflow: null,
            fingerprint: null,
            expectedFiles: null,
            now: Date.now(),
          });
        const pairs: Pair[] = [];
        await load(callers, 500, add);
        for (let round = 0; round < ROUNDS; round += 1)
          pairs.push({ bare: await bare(), ours: await load(callers, ROUND_MS, add) });
        return pairs;
      } finally {
        await db.close();
      }
    }),
  );

/** How many jobs per second can be submitted, against what the database driver alone can write. */
export async function measureSubmit(): Promise<void> {
  const http = [HEAD];
  for (const clients of CLIENTS) http.push(row(`${clients} clients`, await overHttp(clients)));
  table(
    `Submit over HTTP, ${(prompt.length / 1024).toFixed(0)} KB graphs, against the bare driver (goal: ratio of 0.7 or more with many clients)`,
    http,
  );
  const store = [HEAD];
  for (const callers of CLIENTS) store.push(row(`${callers} callers`, await storeAlone(callers)));
  table('The store alone, against the bare driver, in one process', store);
}
