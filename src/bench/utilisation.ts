import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { FleetState } from '#src/simulator/fleet-state.ts';
import { startFleet } from '#src/simulator/start-fleet.ts';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { call, query, withProduct } from './product.ts';
import { say, table } from './report.ts';

const PEOPLE = 10;
/** Seconds that a job takes, how many seconds it takes here, and jobs for each replica. Shorter jobs are harder: what holds for these holds for those that they stand for. */
const LENGTHS = [
  { named: 4, seconds: 4, each: 12 },
  { named: 20, seconds: 10, each: 8 },
  { named: 60, seconds: 20, each: 6 },
];

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
/** From 0.7 to 1.3 of the mean, the same in each run. */
const secondsOf = (nth: number, mean: number): number => mean * (0.7 + 0.6 * ((nth * 0.618034) % 1));
const graph = (nth: number, seconds: number) => ({
  1: node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: nth }),
  2: node('FakeSlow', { value: ['1', 0], seconds }),
  9: node('SaveImage', { images: ['2', 0], filename_prefix: 'u' }),
});

const submitted = z.object({ id: z.string() });
const counts = z.object({ inFlight: z.number(), waiting: z.number() });
const figures = z.array(z.object({ duplicates: z.object({ sent: z.number(), wastedMs: z.number() }) }));

/** When the last of these runs would have ended with one queue for all replicas. */
function central(runsMs: readonly number[], replicas: number): number {
  const freeAt = Array.from({ length: replicas }, () => 0);
  for (const ms of runsMs) {
    const next = freeAt.indexOf(Math.min(...freeAt));
    freeAt[next] = (freeAt[next] ?? 0) + ms;
  }
  return Math.max(...freeAt);
}

type Measured = { utilisation: number; wasted: number; requests: number; duplicates: number };

function measured(state: FleetState, replicas: number, jobs: number, duplicates: number): Measured {
  const runs = state.replicas.flatMap(({ executed }) => executed);
  const whole = runs.filter(({ outcome }) => outcome === 'success').sort((a, b) => a.startedAt - b.startedAt);
  const times = whole.slice(0, jobs).map(({ startedAt, endedAt }) => endedAt - startedAt);
  const from = Math.min(...runs.map(({ startedAt }) => startedAt));
  const to = Math.max(...whole.map(({ endedAt }) => endedAt));
  const sum = (some: typeof runs): number => some.reduce((ms, { startedAt, endedAt }) => ms + endedAt - startedAt, 0);
  // Runs that were broken off, and whole ones that nobody needed.
  const wastedMs = sum(runs.filter(({ outcome }) => outcome !== 'success')) + sum(whole.slice(jobs));
  const posts = Object.entries(state.requests).filter(([route]) => route.startsWith('POST'));
  const requests = posts.flatMap(([, statuses]) => Object.values(statuses)).reduce((all, n) => all + n, 0);
  return {
    utilisation: central(times, replicas) / (to - from),
    wasted: wastedMs / sum(whole.slice(0, jobs)),
    requests: requests / jobs,
    duplicates: duplicates / jobs,
  };
}

async function measure(replicas: number, seconds: number, each: number, balancing: boolean): Promise<Measured> {
  return withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const sfsDir = join(folder, 'sfs');
    for (const name of ['outputs', 'inputs']) await mkdir(join(sfsDir, name), { recursive: true });
    const { operator, students } = await makeClass(dataDir, PEOPLE);
    const fleet = await startFleet({
      outputs: join(sfsDir, 'outputs'),
      inputs: join(sfsDir, 'inputs'),
      replicas,
      minReplicas: replicas,
      version: '0.33.0',
    });
    const jobs = replicas * each;
    try {
      return await withProduct(
        { dataDir, sfsDir, endpoint: { url: fleet.url, capacity: replicas } },
        async (product) => {
          await call(product, operator.token, 'admin.settings.change', { balancing, inFlightCap: 20 });
          for (let nth = 0; nth < jobs; nth += 1) {
            const { token } = students[nth % PEOPLE]!;
            submitted.parse(await call(product, token, 'jobs.submit', { prompt: graph(nth, secondsOf(nth, seconds)) }));
          }
          for (;;) {
            await sleep(500);
            const now = counts.parse(await query(product, operator.token, 'admin.queue.state', undefined));
            if (now.inFlight === 0 && now.waiting === 0) break;
          }
          // What was withdrawn and runs all the same ends meanwhile.
          await sleep(2000);
          const [told] = figures.parse(await query(product, operator.token, 'admin.endpoints.use', undefined));
          const state = await fleet.control.state();
          return measured(state, replicas, jobs, told?.duplicates.sent ?? 0);
        },
      );
    } finally {
      await fleet.stop();
    }
  });
}

/** How busy replicas are behind a balancer at random, beside a central queue of the same jobs; with and without sending again. */
export async function measureUtilisation(_long: boolean, only: string): Promise<void> {
  const rows: string[][] = [];
  for (const replicas of [4, 8])
    for (const { named, seconds, each } of LENGTHS)
      for (const balancing of [false, true]) {
        const name = `${replicas} replicas, ${named} s, ${balancing ? 'balanced' : 'as it comes'}`;
        if (!name.includes(only)) continue;
        const { utilisation, wasted, requests, duplicates } = await measure(replicas, seconds, each, balancing);
        rows.push([
          name,
          utilisation.toFixed(2),
          `${(100 * wasted).toFixed(1)} %`,
          requests.toFixed(1),
          duplicates.toFixed(1),
        ]);
        say(`    ${rows.at(-1)?.join('  ')}`);
      }
  table('Utilisation of a central queue’s (goal: 0.85 at 4 s, 0.95 at 20 and 60 s, wasted 2 %)', [
    ['', 'utilisation', 'GPU time wasted', 'POSTs a job', 'duplicates a job'],
    ...rows,
  ]);
}
