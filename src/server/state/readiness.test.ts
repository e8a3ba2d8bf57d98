import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fresh, openFresh } from '#src/adapters/db/fresh-database.testing.ts';
import { createDiskSpace } from '#src/adapters/files/disks/disk-space.ts';
import { type BoundedCalls, createBoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { MIN_FREE_BYTES } from '#src/domain/health/disk-report.ts';
import { submitJob } from '#src/services/jobs/submit-job.ts';
import { graph, openStage } from '#src/services/stage.testing.ts';
import { createSystemAudit } from '../loops/system-audit.ts';
import { checksOf, createReadiness } from './readiness.ts';

/** Each look is later than the last. */
let seconds = 0;
const passing = { now: () => 1000 * ++seconds };

const boundedCalls = <T>(_: string, call: () => Promise<T>): Promise<T> => call();

describe('what is looked at', () => {
  let root: string;
  let fresh: Fresh;
  const at = (...parts: string[]) => join(root, ...parts);
  const checks = (
    freeIn?: (dir: string) => Promise<number | null>,
    bucket: { name: string; reach(): Promise<void> } | null = null,
  ) =>
    checksOf(
      { sfsDir: at('sfs'), dataDir: at('data'), outputsDir: at('files') },
      fresh.events,
      boundedCalls,
      createDiskSpace([at('data'), at('files')], passing, freeIn),
      bucket,
    );

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'comfyume-ready-'));
    for (const folder of ['sfs/outputs', 'data', 'files']) await mkdir(at(folder), { recursive: true });
    fresh = await openFresh();
  });
  afterEach(async () => {
    await fresh.close();
    await rm(root, { recursive: true, force: true });
  });

  test('where nothing is wrong nothing is said, and nothing is left behind', async () => {
    expect(await createReadiness(checks())()).toEqual([]);
    expect(await readdir(root, { recursive: true })).toHaveLength(4);
  });

  test('a bucket that cannot be reached', async () => {
    const reach = () => Promise.reject(new Error('it does not respond'));
    expect(await createReadiness(checks(undefined, { name: 'films', reach }))()).toEqual([
      'No files can be stored in the bucket "films": finished files wait on the share. (it does not respond)',
    ]);
    expect(await createReadiness(checks(undefined, { name: 'films', reach: async () => undefined }))()).toEqual([]);
  });

  const unreadable = (code: string) => `The shared file system cannot be read at ${at('sfs/outputs')}. (${code})`;
  test.each<[string, () => Promise<unknown>, () => unknown]>([
    ['the share is gone', () => rm(at('sfs'), { recursive: true }), () => unreadable('ENOENT')],
    [
      'the share’s outputs are no folder',
      async () => {
        await rename(at('sfs/outputs'), at('sfs/old'));
        await writeFile(at('sfs/outputs'), '');
      },
      () => unreadable('ENOTDIR'),
    ],
    [
      'the participants’ folder is gone',
      () => rm(at('files'), { recursive: true }),
      () => `No files can be written to ${at('files')}. (ENOENT)`,
    ],
    [
      'the data folder is gone',
      () => rm(at('data'), { recursive: true }),
      () => `No files can be written to ${at('data')}. (ENOENT)`,
    ],
    [
      'the database is broken',
      () => fresh.db.$executeRaw`DROP TABLE "Event"`,
      () => expect.stringMatching(/^The database cannot be read\. \(.+\)$/),
    ],
  ])('%s', async (_, spoil, expected) => {
    const ask = createReadiness(checks());
    expect(await ask()).toEqual([]);
    await spoil();
    expect(await ask()).toEqual([expected()]);
  });

  describe.each(['data', 'files'])('the disk of %s', (folder) => {
    test.each([
      [MIN_FREE_BYTES, null],
      [null, null],
      [MIN_FREE_BYTES - 1_000_000, '199 MB'],
      [0, '0 bytes'],
    ])('with %s bytes free: readiness and intake say the same', async (free, left) => {
      const freeIn = async (dir: string) => (dir === at(folder) ? free : null);
      const said =
        left === null ? [] : [`The server’s disk is full, so no jobs are accepted. (${left} left at ${at(folder)})`];
      expect(await createReadiness(checks(freeIn))()).toEqual(said);
      const stage = await openStage();
      const deps = { ...stage.deps, diskSpace: createDiskSpace([at('data'), at('files')], passing, freeIn) };
      const submitted = submitJob(deps, await stage.actor('Anna'), { prompt: graph });
      if (left === null) expect((await submitted).isNew).toBe(true);
      else
        await expect(submitted).rejects.toMatchObject({
          code: 'storage_full',
          message: expect.stringMatching(/^The server’s disk is full, so no jobs are accepted\. Your work is safe/),
        });
      await stage.close();
    });
  });
});

describe('a share that hangs', () => {
  test('readiness and the system audit go through the bound of all calls to it: they make none while it is used up', async () => {
    const fresh = await openFresh();
    const root = await mkdtemp(join(tmpdir(), 'comfyume-ready-'));
    const boundedCalls = createBoundedCalls({ timeoutMs: 1000, maxStuck: 3 });
    const calls: string[] = [];
    const counted: BoundedCalls = (what, call) =>
      boundedCalls(what, () => {
        calls.push(what);
        return call();
      });
    const ends: (() => void)[] = [];
    const hang = () => new Promise<void>((resolve) => ends.push(resolve));
    await Promise.allSettled(['a', 'b', 'c'].map((what) => counted(what, hang)));
    expect(calls).toEqual(['a', 'b', 'c']);

    await mkdir(join(root, 'outputs'));
    const faults = createReadiness(
      checksOf(
        { sfsDir: root, dataDir: root, outputsDir: root },
        fresh.events,
        counted,
        { full: async () => null },
        null,
      ),
    );
    const silent = [expect.stringContaining(`The shared file system cannot be read at ${join(root, 'outputs')}.`)];
    expect(await faults()).toEqual(silent);
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const written: unknown[] = [];
    const auditLog = {
      write: async ({ type, detail }: { type: string; detail: unknown }) => void written.push([type, detail]),
    };
    const audit = createSystemAudit({ auditLog, faults, clock: { now: () => 0 }, log }, '1');
    await audit.check();
    expect(written).toEqual([['trouble.began', { sentence: silent[0] }]]);
    expect(calls).toEqual(['a', 'b', 'c']);

    for (const end of ends) end();
    await expect.poll(faults).toEqual([]);
    await audit.check();
    expect(written).toHaveLength(2);
    await fresh.close();
    await rm(root, { recursive: true, force: true });
  });
});

describe('a look without an answer', () => {
  const sentence = 'The share is silent.';

  test('is told in time, and not begun again before it has ended', async () => {
    const ends: (() => void)[] = [];
    const check = () => new Promise<void>((resolve) => ends.push(resolve));
    const ask = createReadiness(
      [
        { sentence, check },
        { sentence: 'Fine.', check: async () => undefined },
      ],
      100,
    );
    const silent = [`${sentence} (no response within 0.1 s)`];
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([silent, silent, silent]);
    expect(await ask()).toEqual(silent);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    const again = ask();
    expect(ends).toHaveLength(1);
    expect(await again).toEqual([]);
    const third = ask();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    expect(await third).toEqual([]);
  });

  test('does not hide what others find', async () => {
    const ask = createReadiness(
      [
        { sentence, check: () => new Promise(() => undefined) },
        { sentence: 'The disk is full.', check: () => Promise.reject(new Error('0 MiB are left')) },
      ],
      100,
    );
    expect(await ask()).toEqual([`${sentence} (no response within 0.1 s)`, 'The disk is full. (0 MiB are left)']);
  });
});

test('room on the disks is looked for at most once a second', async () => {
  const time = { now: 0 };
  let looks = 0;
  const diskSpace = createDiskSpace(['/data'], { now: () => time.now }, async () => {
    looks += 1;
    return looks === 1 ? 1e12 : 0;
  });
  expect(await diskSpace.full()).toBeNull();
  time.now = 999;
  expect(await diskSpace.full()).toBeNull();
  time.now = 1000;
  expect(await diskSpace.full()).not.toBeNull();
  expect(looks).toBe(2);
});
