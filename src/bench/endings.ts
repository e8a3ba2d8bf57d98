import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startFleet } from '#src/simulator/start-fleet.ts';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { type BenchProduct, call, query, withProduct } from './product.ts';
import { ms, quantile, say, table } from './report.ts';

const REPLICAS = 3;
const MAX_WAIT_MS = 180_000;
const GOAL_MS = 5000;

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
let made = 0;
/** A picture that takes a second, and what becomes of it. */
const graph = (more: Record<string, unknown>) => {
  made += 1;
  return {
    1: node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: made }),
    2: node('FakeSlow', { value: ['1', 0], seconds: 1 }),
    ...more,
  };
};
const save = (images: readonly [string, number]) => node('SaveImage', { images, filename_prefix: 'end' });

const KINDS = {
  'a node raises': {
    jobs: 8,
    graph: () => graph({ 3: node('FakeRaise', { value: ['2', 0] }), 9: save(['3', 0]) }),
    ends: ['failed', 'execution_error'],
  },
  'nothing is written': {
    jobs: 4,
    graph: () => graph({ 9: node('FakeSeries', { images: ['2', 0], filename_prefix: 'none', count: 0, seconds: 0 }) }),
    ends: ['failed', 'incomplete'],
  },
  'a branch is blocked': {
    jobs: 4,
    graph: () => graph({ 3: node('FakeBlock', { value: ['2', 0] }), 9: save(['3', 0]) }),
    ends: ['failed', 'incomplete'],
  },
  'all is well': { jobs: 4, graph: () => graph({ 9: save(['2', 0]) }), ends: ['completed', null] },
} as const;

const submitted = z.object({ id: z.string() });
const story = z.object({
  job: z.object({ status: z.string(), reason: z.string().nullable(), endedAt: z.iso.datetime().nullable() }),
  attempts: z.array(z.object({ id: z.string() })),
});
const endpoints = z.array(z.object({ restsUntil: z.string().nullable() }));

type Ended = { readonly kind: keyof typeof KINDS; readonly id: string };

async function storyOf(product: BenchProduct, token: string, id: string): Promise<z.infer<typeof story>> {
  for (const began = performance.now(); ; await sleep(100)) {
    const told = story.parse(await query(product, token, 'admin.queue.story', { id }));
    if (told.job.endedAt !== null) return told;
    if (performance.now() - began > MAX_WAIT_MS) throw new Error(`Job ${id} did not end.`);
  }
}

/**
 * From the end of a run on its worker to the end of its job here: 20 jobs of two participants on three replicas, behind a balancer that picks one at random and
 * sends no question about a prompt to the replica that has it. Beside them a bystander's jobs.
 */
async function measure(version: string): Promise<void> {
  await withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const sfsDir = join(folder, 'sfs');
    for (const name of ['outputs', 'inputs']) await mkdir(join(sfsDir, name), { recursive: true });
    const { operator, students } = await makeClass(dataDir, 3);
    const fleet = await startFleet({
      outputs: join(sfsDir, 'outputs'),
      inputs: join(sfsDir, 'inputs'),
      replicas: REPLICAS,
      minReplicas: REPLICAS,
      routing: 'strict',
      version,
    });
    try {
      await withProduct({ dataDir, sfsDir, endpoint: { url: fleet.url, capacity: REPLICAS } }, async (product) => {
        const [first, second, bystander] = students.map(({ token }) => token);
        const jobs: Ended[] = [];
        const send = async (kind: Ended['kind'], token = ''): Promise<void> => {
          const { id } = submitted.parse(await call(product, token, 'jobs.submit', { prompt: KINDS[kind].graph() }));
          jobs.push({ kind, id });
        };
        for (const [kind, { jobs: count }] of Object.entries(KINDS))
          for (let n = 0; n < count; n += 1) if (isKind(kind)) await send(kind, n % 2 === 0 ? first : second);
        const theirs = jobs.length;
        for (let n = 0; n < 4; n += 1) await send('all is well', bystander);

        const waits = new Map<string, number[]>();
        const wrong: string[] = [];
        for (const [index, { kind, id }] of jobs.entries()) {
          const { job, attempts } = await storyOf(product, operator.token, id);
          const [status, reason] = KINDS[kind].ends;
          if (job.status !== status || job.reason !== reason || attempts.length !== 1)
            wrong.push(`${kind}: ${job.status} ${job.reason}, ${attempts.length} attempts`);
          const ended = (await fleet.control.state()).replicas
            .flatMap(({ executed }) => executed)
            .find(({ promptId }) => promptId === attempts[0]?.id);
          const name = index < theirs ? kind : 'a bystander’s job';
          waits.set(name, [...(waits.get(name) ?? []), Date.parse(job.endedAt ?? '') - (ended?.endedAt ?? Number.NaN)]);
        }
        const [endpoint] = endpoints.parse(await query(product, operator.token, 'admin.endpoints.list', undefined));
        const all = [...waits.values()].flat();
        const row = (name: string, times: readonly number[]) => [
          name,
          String(times.length),
          ms(quantile(times, 0.5)),
          ms(quantile(times, 0.95)),
          ms(Math.max(...times)),
        ];
        table(`From a run’s end to its job’s end, ComfyUI ${version}, strict routing (goal: p95 ${ms(GOAL_MS)})`, [
          ['', 'jobs', 'p50', 'p95', 'last'],
          ...[...waits].map(([name, times]) => row(name, times)),
          row('all', all),
        ]);
        say(`    ended otherwise or sent again: ${wrong.length === 0 ? 'none' : wrong.join('; ')}`);
        say(`    circuit of the endpoint: ${endpoint?.restsUntil === null ? 'closed' : 'open'}`);
      });
    } finally {
      await fleet.stop();
    }
  });
}

const isKind = (name: string): name is Ended['kind'] => Object.hasOwn(KINDS, name);

export async function measureEndings(): Promise<void> {
  for (const version of ['0.3.64', '0.33.0']) await measure(version);
}
