import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ALIVE } from '#src/domain/jobs/job.ts';
import { ATTACKS } from './abuse/attacks.ts';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { type BenchProduct, call, query, withProduct } from './product.ts';
import { ms, quantile, say, table } from './report.ts';

const GOAL_MS = 500;
const ATTACK_MS = { short: 8000, long: 30_000 };
const BETWEEN_MS = 15;
const FAILED_JOBS = 200;
const ATTACKER = fileURLToPath(new URL('./abuse/attacker.ts', import.meta.url));

const graph = {
  0: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
  1: { class_type: 'SaveImage', inputs: { images: ['0', 0], filename_prefix: 'a' } },
};

/** An endpoint that refuses everything, with 2 MB of reasons. */
async function startRefuser() {
  const fault = { type: 'x', message: 'no '.repeat(330_000), details: 'x'.repeat(1_000_000), extra_info: {} };
  const answer = JSON.stringify({
    error: { type: 'x', message: 'no', details: '', extra_info: {} },
    node_errors: { 1: { class_type: 'SaveImage', dependent_outputs: ['1'], errors: [fault] } },
  });
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(400, { 'content-type': 'application/json' }).end(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** What somebody else does meanwhile, and how long each answer took. */
async function othersWait(
  product: BenchProduct,
  token: string,
  forMs: number,
): Promise<{ waits: number[]; broken: string[] }> {
  const asks = [
    () => query(product, token, 'session.me', undefined),
    () => query(product, token, 'jobs.list', {}),
    () => query(product, token, 'results.list', {}),
    () => call(product, token, 'jobs.submit', { prompt: graph }),
  ];
  const waits: number[] = [];
  const broken: string[] = [];
  const end = performance.now() + forMs;
  for (let n = 0; performance.now() < end; n += 1) {
    const began = performance.now();
    await asks[n % asks.length]?.().catch((error: unknown) => broken.push(String(error)));
    waits.push(performance.now() - began);
    await sleep(BETWEEN_MS);
  }
  return { waits, broken };
}

async function under(name: string, product: BenchProduct, tokens: { attacker: string; other: string }, forMs: number) {
  const attacker = fork(ATTACKER, [name, product.url, tokens.attacker]);
  const endWithUs = () => void attacker.kill('SIGKILL');
  process.once('exit', endWithUs);
  try {
    // It has to be under way.
    await sleep(1500);
    const others = await othersWait(product, tokens.other, forMs);
    const told = once(attacker, 'message');
    attacker.send('end');
    const [counts] = z
      .tuple([z.record(z.string(), z.number())])
      .rest(z.unknown())
      .parse(await told);
    return { ...others, counts };
  } finally {
    process.off('exit', endWithUs);
    attacker.kill('SIGKILL');
  }
}

const failedJobs = z.object({ items: z.array(z.object({ status: z.string() })) });

async function failJobs(product: BenchProduct, token: string): Promise<void> {
  for (let n = 0; n < FAILED_JOBS; n += 1) await call(product, token, 'jobs.submit', { prompt: graph });
  for (;;) {
    const { items } = failedJobs.parse(await query(product, token, 'jobs.list', { limit: FAILED_JOBS }));
    if (items.filter(({ status }) => status === 'failed').length >= FAILED_JOBS) return;
    await sleep(200);
  }
}

const aliveJobs = z.object({ items: z.array(z.object({ id: z.string() })) });

/** What an attack has left in the queue belongs to its own row, not to the next one. */
async function cancelJobs(product: BenchProduct, token: string): Promise<void> {
  for (;;) {
    const list = await query(product, token, 'jobs.list', { limit: 100, status: [...ALIVE] });
    const { items } = aliveJobs.parse(list);
    if (items.length === 0) return;
    for (const { id } of items)
      await call(product, token, 'jobs.cancel', { id }).catch((error: unknown) => {
        // One that has ended meanwhile is none any more.
        if (!String(error).includes('answered 409')) throw error;
      });
  }
}

/** While one person does their worst, how long do others wait? */
export const measureAbuse = (long: boolean, only: string): Promise<void> =>
  withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const { students } = await makeClass(dataDir, 2);
    const [attacker = '', other = ''] = students.map(({ token }) => token);
    const refuser = await startRefuser();
    const rows = [['while …', 'p50', 'p99', 'longest', 'held', 'broken', 'answers to the attack']];
    try {
      const endpoint = { url: refuser.url, capacity: 4 };
      await withProduct({ dataDir, sfsDir: join(folder, 'sfs'), endpoint }, async (product) => {
        await failJobs(product, attacker);
        for (const name of Object.keys(ATTACKS).filter((attack) => attack.includes(only))) {
          const forMs = long ? ATTACK_MS.long : ATTACK_MS.short;
          const { waits, broken, counts } = await under(name, product, { attacker, other }, forMs);
          await cancelJobs(product, attacker);
          const p99 = quantile(waits, 0.99);
          for (const words of new Set(broken)) say(`    ${name}: ${words}`);
          rows.push([
            name,
            ms(quantile(waits, 0.5)),
            ms(p99),
            ms(Math.max(...waits)),
            p99 < GOAL_MS && broken.length === 0 ? 'yes' : 'NO',
            String(broken.length),
            Object.entries(counts)
              .map(([status, count]) => `${count} × ${status === '0' ? 'cut' : status}`)
              .join(', '),
          ]);
        }
      });
    } finally {
      refuser.stop();
    }
    table(`Somebody else’s requests during an attack (goal: p99 under ${GOAL_MS} ms)`, rows);
  });
