import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { createLoginGuard } from '#src/adapters/auth/login-guard.ts';
import { whole } from '#src/domain/formats/reading/verdict.ts';
import { NOTHING_KNOWN } from '#src/domain/jobs/run-report.ts';
import type { FoundFile, Share } from '#src/ports/share.ts';
import { submitJob } from '#src/services/jobs/submit-job.ts';
import { identify } from '#src/services/session/identify.ts';
import { signIn } from '#src/services/session/sign-in.ts';
import { graph, openStage, type Stage } from '#src/services/stage.testing.ts';
import { createBreakers } from '../state/circuit-breakers.ts';
import { createQueueBoard } from '../state/queue/queue-board.ts';
import { TIMINGS } from '../timings.ts';
import { createCollector } from './collector.ts';
import { createDispatcher } from './dispatcher.ts';
import { createThumbnailWorker } from './thumbnail-worker.ts';

let stage: Stage;
let executed: string[] = [];
const count = (sql: unknown) => void executed.push(String(sql));

beforeEach(async () => {
  stage = await openStage();
  subscribe('comfyume:sql', count);
  // Nothing is done by the clock: what a loop does is what it is told to, and what may wait for company waits for it.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  unsubscribe('comfyume:sql', count);
  await stage.close();
});

/** Until the database has been asked nothing for many turns: nothing here waits for anything else. */
async function settled(): Promise<void> {
  let before = executed.length;
  for (let turns = 0; turns < 100; turns += 1) {
    await new Promise(setImmediate);
    if (executed.length !== before) turns = 0;
    before = executed.length;
  }
}

/** `SELECT Session`, say. */
function short(sql: string): string {
  let outer = sql;
  while (/\([^()]*\)/.test(outer)) outer = outer.replace(/\([^()]*\)/g, '');
  const [verb = ''] = outer.trim().split(/\s/);
  const [, table] = /(?:FROM|INTO|UPDATE) (?:`main`\.)?["`](\w+)["`]/.exec(outer) ?? [];
  return table ? `${verb} ${table}` : verb;
}

/** The loops that have to do with a job, on real stores; its worker has run it before its answer is read. */
function openLoops() {
  const { deps } = stage;
  let files: FoundFile[] = [];
  const share: Share = {
    ...deps.share,
    list: async () => ({ files, leftOut: [] }),
    folders: async () => [],
    examine: async () => whole({ kind: 'image', mime: 'image/png' }),
    embedded: async () => ({ prompt: null, workflow: null }),
    watch: async () => async () => undefined,
  };
  const breakers = createBreakers(deps);
  const random = { ...deps.random, below: () => 0 };
  const dispatcher = createDispatcher({
    ...deps,
    breakers,
    board: createQueueBoard(),
    stopper: { whileSending: (_, send) => send(new AbortController().signal) },
  });
  const run = {
    known: () => ({ ...NOTHING_KNOWN }),
    isLost: () => false,
    learn: () => undefined,
    stop: () => undefined,
  };
  const collector = createCollector({
    ...deps,
    share,
    breakers,
    random,
    pollMs: 1000,
    shareMode: 'events',
    timings: TIMINGS,
    runMonitor: { follow: () => run },
    runListener: { follow: () => ({ started: () => undefined, show: () => undefined, stop: () => undefined }) },
  });
  const thumbnails = createThumbnailWorker(deps);
  const loops = [thumbnails, collector, dispatcher];
  return {
    dispatcher,
    collector,
    write: (paths: readonly string[]) => {
      files = paths.map((path) => ({ path, bytes: 100, mtimeMs: stage.time.now }));
    },
    start: () => loops.forEach((loop) => void loop.start()),
    async stop() {
      vi.useRealTimers();
      for (const loop of loops) await loop.stop();
    },
  };
}

// Statements of PostgreSQL are told by nobody; they are the same.
test.runIf(inject('postgresql') === null)(
  'a job, from its request to its thumbnail: 30 statements and 4 commits',
  async () => {
    const { deps } = stage;
    const { userId } = await stage.actor('Ada');
    // Once in a process, the newest event is asked for.
    await deps.jobs.addGiven({ id: 'first', userId, title: '', prompt: null, workflow: null, generations: [], now: 0 });
    const login = {
      name: 'Ada',
      password: 'Ada',
      caller: { address: '10.0.0.1', device: null },
      previousSessionId: null,
    };
    const { token } = await signIn({ ...deps, guard: createLoginGuard() }, login);
    const loops = openLoops();
    loops.start();
    await settled();

    executed = [];
    const identity = await identify(deps, { cookie: token, bearer: null, isTab: false }, true);
    if (!identity) throw new Error('nobody is signed in');
    const { job } = await submitJob(deps, identity.actor, { prompt: graph });
    loops.write(['_started_00001_.png', '0/shot_00001_.png', '_finished0_00001_.png']);
    await loops.dispatcher.tick();
    await settled();
    await loops.collector.tick();
    await settled();
    await loops.collector.tick();
    await settled();

    const done = executed.map(short);
    expect(await deps.jobs.find(job.id)).toMatchObject({ status: 'completed' });
    expect(done).toMatchInlineSnapshot(`
    [
      "SELECT Session",
      "BEGIN",
      "SELECT User",
      "INSERT Job",
      "INSERT Graph",
      "UPDATE User",
      "INSERT Event",
      "COMMIT",
      "SELECT Job",
      "SELECT Attempt",
      "SELECT User",
      "SELECT Graph",
      "SELECT Graph",
      "BEGIN",
      "UPDATE Job",
      "INSERT GenerationMetadata",
      "INSERT GenerationWords",
      "INSERT SearchTerm",
      "INSERT Attempt",
      "UPDATE User",
      "INSERT Event",
      "COMMIT",
      "SELECT Attempt",
      "BEGIN",
      "UPDATE Attempt",
      "UPDATE Job",
      "UPDATE Attempt",
      "SELECT",
      "INSERT Result",
      "INSERT Event",
      "COMMIT",
      "BEGIN",
      "UPDATE Result",
      "UPDATE Job",
      "UPDATE Attempt",
      "INSERT Event",
      "COMMIT",
      "SELECT Result",
    ]
  `);
    expect(done.filter((one) => one === 'COMMIT')).toHaveLength(4);
    expect(done.filter((one) => one !== 'BEGIN' && one !== 'COMMIT')).toHaveLength(30);
    await loops.stop();
  },
);

test.runIf(inject('postgresql') === null)(
  'files of one folder share commits, and are recorded in their order',
  async () => {
    const { deps } = stage;
    const actor = await stage.actor('Ada');
    const loops = openLoops();
    loops.start();
    await settled();
    const { job } = await submitJob(deps, actor, { prompt: graph });
    const files = Array.from({ length: 24 }, (_, index) => `0/shot_${String(index + 1).padStart(5, '0')}_.png`);
    loops.write(['_started_00001_.png', ...files, '_finished0_00001_.png']);
    await loops.dispatcher.tick();
    await settled();
    executed = [];
    await loops.collector.tick();
    await settled();
    await loops.collector.tick();
    await settled();

    expect(await deps.jobs.find(job.id)).toMatchObject({ status: 'completed' });
    const results = await deps.results.ofJobs([job.id]);
    const paths = results.map(({ path }) => path);
    expect(paths).toHaveLength(files.length);
    expect(paths).toEqual([...paths].sort());
    // One after the other, each would have two.
    expect(executed.filter((sql) => sql === 'COMMIT').length).toBeLessThan(files.length);
    await loops.stop();
  },
);
