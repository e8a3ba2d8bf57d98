import { copyFile, mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobView } from '#src/api/views.ts';
import type { Settings } from '#src/domain/settings/settings.ts';
import { type RunningFleet, startFleet } from '#src/simulator/start-fleet.ts';
import { failing } from '../faults/graphs.testing.ts';
import { handWorker, writeHugePicture } from '../faults/hand-worker.testing.ts';
import { picture } from '../testing/graphs.ts';
import { type Folders, newFolders, OPERATOR, signIn } from '../testing/product-under-test.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { until } from '../testing/until.ts';
import { type Visitor, visitor } from '../testing/visitor.ts';

const HUGE = 400 * 1024 * 1024;

async function openClass() {
  const folders: Folders = await newFolders();
  const shared = join(folders.sfs, 'outputs');
  for (const dir of [shared, join(folders.sfs, 'inputs')]) await mkdir(dir, { recursive: true });
  const fleet: RunningFleet = await startFleet({
    outputs: shared,
    inputs: join(folders.sfs, 'inputs'),
    pace: 0,
    replicas: 1,
    minReplicas: 1,
  });
  const hand = await handWorker(shared);
  const start = (port: string): Promise<ServerProcess> =>
    startServer({
      PORT: port,
      DATA_DIR: folders.data,
      SFS_DIR: folders.sfs,
      OUTPUTS_DIR: folders.outputs,
      ADMIN_NAME: OPERATOR.name,
      ADMIN_PASSWORD: OPERATOR.password,
      SFS_POLL_MS: '100',
      ENDPOINTS: JSON.stringify([
        { name: 'GPUs', url: fleet.url, capacity: 3 },
        { name: 'By hand', url: hand.url, capacity: 3 },
      ]),
    });
  let server = await start('0');
  const { port } = new URL(server.url);
  const operator = visitor(server.url);
  await signIn(operator, OPERATOR);
  const [credentials] = await operator.api.admin.participants.create.mutate({ names: ['Anna'] });
  const anna: Visitor = visitor(server.url);
  await signIn(anna, { name: 'Anna', password: credentials?.passphrase ?? '' });
  const job = (id: string) => anna.api.jobs.get.query({ id });
  const { admin } = operator.api;

  return {
    folders,
    fleet,
    hand,
    job,
    submit: async (prompt: unknown = picture()) => (await anna.api.jobs.submit.mutate({ prompt })).id,
    cancel: (id: string) => anna.api.jobs.cancel.mutate({ id }),
    resultsOf: async (id: string) =>
      (await anna.api.results.list.query({ limit: 200 })).items.filter(({ jobId }) => jobId === id),
    settings: (change: Partial<Settings>) => admin.settings.change.mutate(change),
    at: (id: string, status: JobView['status']): Promise<JobView> =>
      until(`job ${id} to be ${status}`, async () => {
        const found = await job(id);
        return found.status === status && found;
      }),
    ended: (id: string): Promise<JobView> =>
      until(`the end of job ${id}`, async () => {
        const found = await job(id);
        return found.endedAt !== null && found;
      }),
    async only(...names: string[]) {
      for (const { id, name, enabled } of await admin.endpoints.list.query())
        if (enabled !== names.includes(name)) await admin.endpoints.setEnabled.mutate({ id, enabled: !enabled });
    },
    replica: () =>
      until('a replica that is up', async () =>
        (await fleet.control.state()).replicas.find(({ phase }) => phase === 'ready'),
      ),
    /** All prompts that workers have ever taken, by their own count. */
    async taken(): Promise<string[]> {
      const { replicas } = await fleet.control.state();
      return [
        ...replicas.flatMap(({ executed, running, pending }) => [
          ...executed.map(({ promptId }) => promptId),
          ...(running === null ? [] : [running]),
          ...pending,
        ]),
        ...hand.taken(),
      ];
    },
    kill: () => server.end('SIGKILL'),
    async startAgain() {
      server = await start(port);
    },
    async close() {
      await server.end('SIGKILL');
      await hand.stop();
      await fleet.stop();
      await rm(folders.root, { recursive: true, force: true });
    },
  };
}
type Class = Awaited<ReturnType<typeof openClass>>;

/** What a job is brought to, what happens while nobody is there, and what after the next start. */
type Case = {
  /** Gives the job's id. */
  readonly before: (room: Class) => Promise<string>;
  readonly meanwhile?: (room: Class, prompt: string) => Promise<unknown>;
  /** As it is found at the next start, before anything else happens. */
  readonly found: JobView['status'];
  readonly after?: (room: Class, id: string) => Promise<unknown>;
  readonly outcome?: Partial<JobView>;
  readonly results?: number;
  readonly prompts?: number;
};

const HOLD = { nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] } as const;
const letGo = ({ fleet }: Class) => fleet.control.setFaults({ nodes: [], swallow: false });

async function held(room: Class): Promise<string> {
  await room.fleet.control.setFaults({ nodes: [...HOLD.nodes] });
  const id = await room.submit();
  await room.at(id, 'running');
  return id;
}

/** Where the participant's folder should be there is a link, so that no file can be put in place: the name is reserved, and nothing recorded. */
async function undeliverable(room: Class): Promise<string> {
  const elsewhere = join(room.folders.root, 'elsewhere');
  await mkdir(elsewhere, { recursive: true });
  await rm(annas(room), { recursive: true, force: true });
  await symlink(elsewhere, annas(room));
  const id = await room.submit(picture({ prefix: 'stuck' }));
  await room.at(id, 'delivering');
  return id;
}
const annas = ({ folders }: Class) => join(folders.outputs, 'Anna');
const withoutLink = (room: Class) => rm(annas(room));

const ENDED = { prompts: 1, results: 0 } as const;
const CASES: Readonly<Record<string, Case>> = {
  queued: {
    async before({ settings, submit }) {
      await settings({ dispatchPaused: true });
      return submit();
    },
    found: 'queued',
    after: ({ settings }) => settings({ dispatchPaused: false }),
  },
  'dispatched, in a replica’s queue': {
    async before({ fleet, submit, at, replica }) {
      await fleet.control.setFaults({ swallow: true });
      const id = await submit();
      await until('the prompt to be in the queue', async () => (await replica()).pending.length > 0);
      await at(id, 'dispatched');
      return id;
    },
    found: 'dispatched',
    after: letGo,
  },
  'dispatched, and the answer has not come yet': {
    async before({ fleet, submit, replica }) {
      await fleet.control.setFaults({ swallow: true, requests: [{ kind: 'timeoutAfterAccept', only: 'prompt' }] });
      const id = await submit();
      await until('the prompt to be in the queue', async () => (await replica()).pending.length > 0);
      return id;
    },
    found: 'dispatched',
    after: letGo,
  },
  'dispatched, and the request is held for a GPU that wakes: it goes with us, and the job is sent again': {
    async before({ fleet, submit, settings }) {
      await settings({ startBudgetMs: 1500 });
      await fleet.control.setFaults({ coldStartHangs: true });
      await fleet.control.scaleToZero();
      const id = await submit();
      await until('the request to be held', async () => (await fleet.control.state()).held > 0);
      return id;
    },
    meanwhile: async ({ fleet }) => {
      await until('nobody to be waited for', async () => (await fleet.control.state()).held === 0);
      await fleet.control.setFaults({ coldStartHangs: false });
    },
    found: 'dispatched',
    outcome: { attempts: 2 },
  },
  running: { before: held, found: 'running', after: letGo },
  'running, and its end comes while nobody is there': {
    before: held,
    async meanwhile(room) {
      await letGo(room);
      await until('the GPU to be done', async () => (await room.replica()).running === null);
    },
    found: 'running',
  },
  'running, and a copy is under way': {
    async before({ only, submit, hand, folders }) {
      await only('By hand');
      const id = await submit();
      const work = await hand.take(id);
      await work.start();
      await writeHugePicture(join(work.folder, '0/huge_00001_.png'), id, HUGE);
      await work.finish();
      const incoming = join(folders.outputs, '.incoming');
      await until('the copy to begin', async () => {
        const [name] = await readdir(incoming);
        return name !== undefined && (await stat(join(incoming, name)).catch(() => null));
      });
      return id;
    },
    async meanwhile({ folders }) {
      const incoming = join(folders.outputs, '.incoming');
      const [name = ''] = await readdir(incoming);
      expect((await stat(join(incoming, name))).size).toBeLessThan(HUGE);
    },
    found: 'running',
  },
  'delivering, with a name reserved and no file there': {
    before: undeliverable,
    meanwhile: withoutLink,
    found: 'delivering',
  },
  'delivering, with the file in place and not recorded': {
    before: undeliverable,
    async meanwhile(room, prompt) {
      await withoutLink(room);
      await mkdir(annas(room));
      const source = join(room.folders.sfs, 'outputs/comfyume', prompt, '0');
      const [name = ''] = await readdir(source);
      await copyFile(join(source, name), join(annas(room), name));
    },
    found: 'delivering',
  },
  completed: {
    async before({ submit, at }) {
      const id = await submit();
      await at(id, 'completed');
      return id;
    },
    found: 'completed',
  },
  failed: {
    async before({ submit, at }) {
      const id = await submit(failing());
      await at(id, 'failed');
      return id;
    },
    found: 'failed',
    outcome: { status: 'failed', reason: 'execution_error' },
    ...ENDED,
  },
  cancelled: {
    async before({ settings, submit, cancel }) {
      await settings({ dispatchPaused: true });
      const id = await submit();
      await cancel(id);
      return id;
    },
    found: 'cancelled',
    after: ({ settings }) => settings({ dispatchPaused: false }),
    outcome: { status: 'cancelled', reason: 'cancelled', attempts: 0 },
    prompts: 0,
    results: 0,
  },
  'cancelled, and the GPU has not been told yet: it is told': {
    async before(room) {
      const id = await held(room);
      await room.fleet.control.setFaults({ requests: [{ kind: 'answer', status: 503 }] });
      await room.cancel(id);
      return id;
    },
    async meanwhile({ fleet, replica }) {
      expect((await replica()).running).not.toBeNull();
      await fleet.control.setFaults({ requests: [] });
    },
    found: 'cancelled',
    after: ({ replica }) => until('the GPU to stop', async () => (await replica()).running === null),
    outcome: { status: 'cancelled', reason: 'cancelled' },
    ...ENDED,
  },
};

describe('killed with SIGKILL and started again', { timeout: 90_000 }, () => {
  let room: Class;
  beforeAll(async () => {
    room = await openClass();
    await room.only('GPUs');
  });
  afterAll(() => room.close());

  test.each(Object.entries(CASES))('%s', async (_, given) => {
    const { before, meanwhile, found, after, outcome = {}, results = 1, prompts = 1 } = given;
    const earlier = await room.taken();
    const id = await before(room);
    const last = await room.job(id);
    await room.kill();
    const [prompt = 'none'] = (await room.taken()).filter((known) => !earlier.includes(known));
    await meanwhile?.(room, prompt);
    await room.startAgain();
    const first = await room.job(id);
    // With nothing in its way it may be home before anybody can ask.
    expect(after ? [found] : [found, 'completed']).toContain(first.status);
    if (last.endedAt !== null) expect(first).toEqual(last);
    await after?.(room, id);
    const end = await room.ended(id);
    expect(end).toMatchObject({
      status: 'completed',
      reason: null,
      message: null,
      attempts: 1,
      ...outcome,
      ...(last.endedAt !== null && last),
    });
    expect(end.results).toHaveLength(results);
    expect(await room.resultsOf(id)).toHaveLength(results);
    const files = await readdir(annas(room), { recursive: true }).catch(() => []);
    for (const { filename } of end.results) expect(files.filter((name) => name === filename)).toHaveLength(1);
    const now = await room.taken();
    expect(now).toHaveLength(earlier.length + prompts);
    expect(new Set(now).size).toBe(now.length);
    expect(await readdir(join(room.folders.outputs, '.incoming'))).toEqual([]);

    await room.fleet.control.setFaults({ nodes: [], requests: [], swallow: false, coldStartHangs: false });
    await room.settings({ dispatchPaused: false, startBudgetMs: 60_000 });
    await room.only('GPUs');
  });
});
