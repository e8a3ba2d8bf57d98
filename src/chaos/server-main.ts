import { join } from 'node:path';
import { pino } from 'pino';
import { readProcessConfig } from '#src/env.ts';
import { noPages } from '#src/server/integration/testing/no-pages.ts';
import { withoutCaptures } from '#src/server/integration/testing/without-captures.ts';
import { startProduct } from '#src/server/process/product.ts';
import { createBreakers } from '#src/server/state/circuit-breakers.ts';
import { TIMINGS, type Timings } from '#src/server/timings.ts';

/** The product in a hurry: what takes it minutes to be sure of takes seconds here. Everything else is as in `npm start`, but for the pages. */
const SHORT_TIMINGS: Omit<Timings, 'platform' | 'stalledMs' | 'frontEnd'> = {
  quietMs: 1000,
  graceMs: 4000,
  lateEveryMs: 2500,
  endQuietMs: 400,
  asking: {
    ...TIMINGS.asking,
    reachWithinMs: 1000,
    minPauseMs: 60,
    maxPauseMs: 300,
    lostChance: 1e-2,
    lostAfterMs: 2000,
  },
  coolDowns: { firstMs: 300, maxMs: 3000 },
};

const config = readProcessConfig();
const log = pino({ level: config.logLevel, base: undefined }, pino.destination({ dest: 2, sync: true }));
const prismaDir = join(process.cwd(), 'prisma');
const { url } = await startProduct(
  config,
  log,
  { version: 'chaos', prismaDir, extensionDir: join(process.cwd(), 'dist', 'extension') },
  noPages,
  (deps) =>
    // What the GPUs cannot run is to reach them, whatever has been read of their nodes.
    withoutCaptures({
      ...deps,
      timings: { ...TIMINGS, ...SHORT_TIMINGS },
      breakers: createBreakers(deps, SHORT_TIMINGS.coolDowns),
    }),
);
// Whoever started it holds the other end: when that is gone, so is this.
process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.write(`${url}\n`);
