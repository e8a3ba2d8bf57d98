import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import { builtPrograms } from './scripts/vitest-programs.mjs';

/** Rooms whose tests leave nothing behind: a process tries many files, one after the other. What counts steps needs code that nobody has run. */
const TOGETHER = [
  'domain',
  'features',
  'ui',
  'api',
  'api-v2',
  'services',
  'simulator',
  'extension',
  'server/{http,integration,loops,state}',
  'adapters/{auth,db,events,files,verda}',
].map((room) => `src/${room}/**/!(*-cost).test.ts`);
const LONG = /\/src\/(server\/integration|chaos)\//;

/** What may take a minute begins first, so that none of it is left alone at the end. */
class LongFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const long = sorted.filter(({ moduleId }) => LONG.test(moduleId));
    return [...long, ...sorted.filter((file) => !long.includes(file))];
  }
}

const shared = {
  // Limits for what hangs. A machine that is busy with other things takes ten times as long as an idle one.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
  // Prisma's WebAssembly is made fast in threads beside it, for more time than a test file then uses it.
  execArgv: ['--liftoff-only'],
};

export default defineConfig({
  test: {
    globalSetup: './scripts/vitest-programs.mjs',
    sequence: { sequencer: LongFirst },
    projects: [
      {
        plugins: [builtPrograms],
        test: { name: 'apart', include: ['{src,docker,infrastructure}/**/*.test.ts'], exclude: TOGETHER, ...shared },
      },
      { plugins: [builtPrograms], test: { name: 'together', include: TOGETHER, isolate: false, ...shared } },
    ],
  },
});
