import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { random } from '#src/adapters/auth/random.ts';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { type Render, startGpu } from './gpu.ts';
import { storyboard } from './graph.ts';
import { createPainter } from './pictures.ts';
import { cpuSeconds } from './process-figures.ts';
import { type BenchProduct, call, withProduct } from './product.ts';
import { median, table } from './report.ts';

const STUDENTS = 50;
/** One that has just begun costs more for a while, whatever it watches; they begin one after the other. */
const SETTLE_MS = 30_000;
const ROUND_MS = 8000;
const ROUNDS = 3;
const FILES_PER_FOLDER = 10;
/** A file system allows only so many names for one file: ext4 65,000. */
const MAX_LINKS = 30_000;
const WRITERS = 8;

type Case = { readonly name: string; readonly jobs: number; readonly oldFiles: number };

const CASES: readonly Case[] = [
  { name: 'no job, no old file', jobs: 0, oldFiles: 0 },
  { name: '100 jobs, no old file', jobs: 100, oldFiles: 0 },
  { name: '100 jobs, 10,000 old files', jobs: 100, oldFiles: 10_000 },
];
/** What the others are compared with. */
const SAME_JOBS = 1;
const LONG: Case = { name: '100 jobs, 1,000,000 old files', jobs: 100, oldFiles: 1_000_000 };

/** Where earlier attempts wrote. Links to one file: a million files of their own would take minutes, and nobody reads them. */
async function litter(outputsDir: string, files: number): Promise<void> {
  const attempts = join(outputsDir, 'comfyume');
  await mkdir(attempts, { recursive: true });
  let left = files;
  const write = async (): Promise<void> => {
    let old = '';
    for (let links = MAX_LINKS; left > 0; links += FILES_PER_FOLDER) {
      left -= FILES_PER_FOLDER;
      const folder = join(attempts, random.id(), '0');
      await mkdir(folder, { recursive: true });
      if (links >= MAX_LINKS) {
        old = join(folder, 'shot_00000_.png');
        await writeFile(old, 'old');
        links = 0;
      }
      for (let n = 1; n <= FILES_PER_FOLDER; n += 1) await link(old, join(folder, `shot_${n}_.png`));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

/** Runs the product with all of `jobs` rendering for as long as `work` lasts. */
const withJobs = <T>(
  { jobs }: Case,
  sfsDir: string,
  variables: Readonly<Record<string, string>>,
  work: (product: BenchProduct) => Promise<T>,
): Promise<T> =>
  withFolder(async (folder) => {
    const rendering: Render[] = [];
    const gpu = await startGpu((render) => rendering.push(render));
    try {
      const dataDir = join(folder, 'data');
      const { operator, students } = await makeClass(dataDir, STUDENTS);
      const painter = await createPainter(join(sfsDir, 'outputs'));
      const endpoint = { url: gpu.url, capacity: Math.max(1, jobs) };
      return await withProduct({ dataDir, sfsDir, endpoint, variables }, async (product) => {
        // GPUs are asked the less the older a job is, and these are not all of one age.
        await call(product, operator.token, 'admin.settings.change', { probe: false });
        const graph = { prompt: storyboard() };
        for (let n = 0; n < jobs; n += 1)
          await call(product, students[n % STUDENTS]?.token ?? '', 'jobs.submit', graph);
        while (rendering.length < jobs) await sleep(20);
        for (const render of rendering) await painter.begin(render);
        return await work(product);
      });
    } finally {
      await gpu.stop();
    }
  });

/** CPU seconds per minute in each case, round by round. All run at the same time, so that what else the machine does touches all alike. */
async function watch(
  cases: readonly Case[],
  shares: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<number[][]> {
  const products: BenchProduct[] = [];
  const open = async (rest: readonly Case[]): Promise<number[][]> => {
    const [first, ...others] = rest;
    if (first)
      return withJobs(first, shares[cases.length - rest.length] ?? '', variables, (product) => {
        products.push(product);
        return open(others);
      });
    await sleep(SETTLE_MS);
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
    return rounds;
  };
  return open(cases);
}

/** The middle one of what each round says of a case. */
const ofCase = (rounds: readonly number[][], index: number, against?: number): number =>
  median(
    rounds.map((round) => {
      const value = round[index] ?? Number.NaN;
      return against === undefined ? value : value / (round[against] ?? Number.NaN);
    }),
  );

/** What it costs to watch the share while nothing happens there. */
export async function measureWatching(long: boolean): Promise<void> {
  const cases = long ? [...CASES, LONG] : CASES;
  await withFolder(async (folder) => {
    const shares = cases.map((_, index) => join(folder, String(index)));
    for (const [index, { oldFiles }] of cases.entries()) await litter(join(shares[index] ?? '', 'outputs'), oldFiles);
    const events = await watch(cases, shares, { SFS_WATCH: 'events' });
    const poll = await watch(cases, shares, { SFS_WATCH: 'poll' });
    const shown = (rounds: readonly number[][], index: number) => [
      ofCase(rounds, index).toFixed(2),
      ofCase(rounds, index, SAME_JOBS).toFixed(2),
    ];
    table(
      `CPU seconds per minute while nothing happens on the share (polling every second), and as a ratio to "${cases[SAME_JOBS]?.name}" in the same round`,
      [
        ['', 'events', 'ratio', 'polling', 'ratio'],
        ...cases.map(({ name }, index) => [name, ...shown(events, index), ...shown(poll, index)]),
      ],
    );
  });
}
