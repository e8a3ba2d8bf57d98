import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { random } from '#src/adapters/auth/random.ts';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { type Render, startGpu } from './gpu.ts';
import { storyboard } from './graph.ts';
import { createPainter } from './pictures.ts';
import { cpuSeconds } from './process-figures.ts';
import { call, type Product, withProduct } from './product.ts';
import { median, table } from './report.ts';

const PUPILS = 50;
const SETTLE_MS = 5000;
const ROUND_MS = 8000;
const ROUNDS = 3;
const FILES_PER_FOLDER = 10;

type Case = { readonly name: string; readonly jobs: number; readonly oldFiles: number };

const CASES: readonly Case[] = [
  { name: 'no job, no old file', jobs: 0, oldFiles: 0 },
  { name: '100 jobs, no old file', jobs: 100, oldFiles: 0 },
  { name: '100 jobs, 10,000 old files', jobs: 100, oldFiles: 10_000 },
];
const LONG: Case = { name: '100 jobs, 1,000,000 old files', jobs: 100, oldFiles: 1_000_000 };

/** Where earlier attempts wrote. */
async function litter(outputsDir: string, files: number): Promise<void> {
  for (let made = 0; made < files; made += FILES_PER_FOLDER) {
    const folder = join(outputsDir, 'comfyume', random.id(), '0');
    await mkdir(folder, { recursive: true });
    await Promise.all(
      Array.from({ length: FILES_PER_FOLDER }, (_, n) => writeFile(join(folder, `shot_0000${n}_.png`), 'old')),
    );
  }
}

/** Runs the product with all of `jobs` rendering for as long as `work` lasts. */
const withJobs = <T>(
  { jobs, oldFiles }: Case,
  variables: Readonly<Record<string, string>>,
  work: (product: Product) => Promise<T>,
): Promise<T> =>
  withFolder(async (folder) => {
    const rendering: Render[] = [];
    const gpu = await startGpu((render) => rendering.push(render));
    try {
      const dataDir = join(folder, 'data');
      const sfsDir = join(folder, 'sfs');
      await litter(join(sfsDir, 'outputs'), oldFiles);
      const { pupils } = await makeClass(dataDir, PUPILS);
      const painter = await createPainter(join(sfsDir, 'outputs'));
      const endpoint = { url: gpu.url, capacity: Math.max(1, jobs) };
      return await withProduct({ dataDir, sfsDir, endpoint, variables }, async (product) => {
        const graph = { prompt: storyboard() };
        for (let n = 0; n < jobs; n += 1) await call(product, pupils[n % PUPILS]?.token ?? '', 'jobs.submit', graph);
        while (rendering.length < jobs) await sleep(20);
        for (const render of rendering) await painter.begin(render);
        await sleep(SETTLE_MS);
        return await work(product);
      });
    } finally {
      await gpu.stop();
    }
  });

/** CPU seconds per minute in each case. All run at the same time, so that what else the machine does touches all alike. */
async function watch(cases: readonly Case[], variables: Readonly<Record<string, string>>): Promise<number[]> {
  const products: Product[] = [];
  const open = async (rest: readonly Case[]): Promise<number[]> => {
    const [first, ...others] = rest;
    if (first)
      return withJobs(first, variables, (product) => {
        products.push(product);
        return open(others);
      });
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const used = () => Promise.all(products.map(({ pid }) => cpuSeconds(pid)));
      const began = performance.now();
      const before = await used();
      await sleep(ROUND_MS);
      const after = await used();
      const minutes = (performance.now() - began) / 60_000;
      rounds.push(after.map((seconds, index) => (seconds - (before[index] ?? 0)) / minutes));
    }
    return products.map((_, index) => median(rounds.map((round) => round[index] ?? Number.NaN)));
  };
  return open(cases);
}

/** What it costs to watch the share while nothing happens there. */
export async function measureWatching(long: boolean): Promise<void> {
  const cases = long ? [...CASES, LONG] : CASES;
  const events = await watch(cases, { SFS_WATCH: 'events' });
  const poll = await watch(cases, { SFS_WATCH: 'poll' });
  const seconds = (value: number | undefined) => (value ?? Number.NaN).toFixed(2);
  table('CPU seconds per minute while nothing happens on the share (polling every second)', [
    ['', 'events', 'polling'],
    ...cases.map(({ name }, index) => [name, seconds(events[index]), seconds(poll[index])]),
  ]);
}
