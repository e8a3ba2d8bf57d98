import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { type Render, startGpu } from './gpu.ts';
import { storyboard } from './graph.ts';
import { listen } from './listener.ts';
import { createPainter } from './pictures.ts';
import { call, withProduct } from './product.ts';
import { ms, quantile, say, table } from './report.ts';

const STUDENTS = 50;
const IN_FLIGHT = 100;
/** One job ends, and another takes its place, this often. */
const EVERY_MS = 100;
/** A place that has come free is taken again while the next jobs end. */
const MIN_IN_FLIGHT = IN_FLIGHT - 10;
const WARM_UP = 30;
const MAX_WAIT_MS = 60_000;

type Way = {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly files: number;
  readonly pollMs: number;
};

const polling = (pollMs: number, files: number): Way => ({
  name: `polling every ${pollMs} ms`,
  variables: { SFS_WATCH: 'poll', SFS_POLL_MS: String(pollMs) },
  files,
  pollMs,
});
const WAYS: readonly Way[] = [
  { name: 'events', variables: { SFS_WATCH: 'events' }, files: 200, pollMs: 0 },
  polling(250, 100),
  polling(1000, 100),
  polling(2000, 80),
];

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const began = performance.now(); !holds(); await sleep(10))
    if (performance.now() - began > MAX_WAIT_MS) throw new Error(`Waited a minute for ${what}.`);
}

/** Milliseconds from a picture's last byte on the share to `result.added` at its owner's socket: one by one, and 100 at the same moment. */
const deliver = ({ variables, files }: Way): Promise<{ steady: number[]; burst: number[] }> =>
  withFolder(async (folder) => {
    const rendering: Render[] = [];
    const gpu = await startGpu((render) => rendering.push(render));
    try {
      const dataDir = join(folder, 'data');
      const sfsDir = join(folder, 'sfs');
      const { students } = await makeClass(dataDir, STUDENTS);
      const painter = await createPainter(join(sfsDir, 'outputs'));
      const options = { dataDir, sfsDir, endpoint: { url: gpu.url, capacity: IN_FLIGHT }, variables };
      return await withProduct(options, async (product) => {
        const added = new Map<string, number[]>();
        const hear = (type: string, jobId: string, at: number): void => {
          if (type === 'result.added') added.set(jobId, [...(added.get(jobId) ?? []), at]);
        };
        const closers = await Promise.all(students.map((student) => listen(product, student, hear)));
        // Some stay queued to the end: nobody may have more than their share in flight, so the last ones alone would not fill it.
        const jobs = WARM_UP + files + 3 * IN_FLIGHT;
        const graph = { prompt: storyboard() };
        for (let n = 0; n < jobs; n += 1)
          await call(product, students[n % STUDENTS]?.token ?? '', 'jobs.submit', graph);

        const whole = new Map<string, number>();
        const finish = async (render: Render): Promise<void> => {
          whole.set(render.jobId, await painter.finish(render));
        };
        let begun = 0;
        let ended = 0;
        const filledUp = async (least: number): Promise<void> => {
          await until(`${least} jobs in flight`, () => rendering.length - ended >= least);
          const fresh = rendering.slice(begun);
          begun += fresh.length;
          for (const render of fresh) await painter.begin(render);
        };
        const endNext = (count: number): Promise<void>[] => {
          const next = rendering.slice(ended, ended + count);
          ended += next.length;
          return next.map(finish);
        };

        const tasks: Promise<void>[] = [];
        while (ended < WARM_UP + files) {
          await filledUp(begun === 0 ? IN_FLIGHT : MIN_IN_FLIGHT);
          tasks.push(...endNext(1));
          await sleep(EVERY_MS);
        }
        await Promise.all(tasks);
        await until('every result', () => added.size >= ended);
        await filledUp(IN_FLIGHT);
        await Promise.all(endNext(IN_FLIGHT));
        await until('every result', () => added.size >= ended);
        for (const close of closers) close();

        const times = rendering.slice(0, ended).map(({ jobId }) => {
          const message = added.get(jobId) ?? [];
          if (message.length !== 1)
            throw new Error(`The owner of job ${jobId} heard of ${message.length} results instead of one.`);
          return (message[0] ?? Number.NaN) - (whole.get(jobId) ?? Number.NaN);
        });
        return { steady: times.slice(WARM_UP, WARM_UP + files), burst: times.slice(-IN_FLIGHT) };
      });
    } finally {
      await gpu.stop();
    }
  });

/** From the last byte of a file on the share to the event at its owner's socket. */
export async function measureDelivery(): Promise<void> {
  const rows = [['', 'p50', 'p99', 'goal p50', 'goal p99', '100 at once: p50', 'last']];
  for (const way of WAYS) {
    const { steady, burst } = await deliver(way);
    say(`  measured: ${way.name}`);
    const goals = way.pollMs === 0 ? [ms(150), ms(400)] : ['', ms(way.pollMs + 150)];
    rows.push([
      way.name,
      ms(quantile(steady, 0.5)),
      ms(quantile(steady, 0.99)),
      ...goals,
      ms(quantile(burst, 0.5)),
      ms(quantile(burst, 1)),
    ]);
  }
  table(
    `Whole file on the share → result.added at the owner's socket, ${IN_FLIGHT} jobs in flight, one of them ending every ${EVERY_MS} ms`,
    rows,
  );
}
