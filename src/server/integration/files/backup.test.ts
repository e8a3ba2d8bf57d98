import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pooledAs } from '#src/domain/files/backup.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const HOUR = 3_600_000;

let product: ProductUnderTest;
let anna: TestPerson;
let dir: string;

const run = async (title: string) => {
  const { id } = await anna.api.jobs.submit.mutate({ prompt: picture(), title });
  return until(`${title} to end`, async () => {
    const job = await anna.api.jobs.get.query({ id });
    return job.status === 'completed' && job;
  });
};
const backups = () => product.operator.api.admin.backups;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function restore(folder: string, into: string) {
  const { PATH = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('../../process/restore.ts', import.meta.url)), folder],
    {
      env: {
        NODE_ENV: 'test',
        PATH,
        DATA_DIR: join(into, 'data'),
        OUTPUTS_DIR: join(into, 'outputs'),
        SFS_DIR: product.folders.sfs,
      },
      encoding: 'utf8',
    },
  );
  return { status, said: stdout + stderr };
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'comfyume-backups-'));
  product = await productUnderTest({
    fleet: { replicas: 2 },
    config: { backups: { dir: join(dir, 'kept'), everyMs: 24 * HOUR, keep: 2 } },
  });
  anna = await product.participant('Anna');
});
afterAll(async () => {
  await product.stop();
  await rm(dir, { recursive: true, force: true });
});

test('made by itself at the start, and when asked to; the oldest go', async () => {
  const [first] = await until('the first backup', async () => {
    const made = await backups().list.query();
    return made?.length === 1 && made;
  });
  expect(first).toMatchObject({ files: 0, missing: 0 });
  const { results } = await run('First');
  // Two in one second would have one name.
  const made = await until('a second one', () =>
    backups()
      .make.mutate()
      .catch(() => null),
  );
  expect(made).toMatchObject({ files: 1, bytes: results[0]?.bytes, missing: 0 });
  const pooled = await readFile(join(dir, 'kept', pooledAs(results[0]?.sha256 ?? '')));
  expect(sha256(pooled)).toBe(results[0]?.sha256);
  await until('a third one', () =>
    backups()
      .make.mutate()
      .catch(() => null),
  );
  const kept = await backups().list.query();
  expect(kept).toHaveLength(2);
  expect(kept?.map(({ name }) => name)).not.toContain(first?.name);
  expect((await readdir(join(dir, 'kept'))).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('restored into empty folders, and the class goes on', async () => {
  const clip = await readFile(new URL('../../../domain/formats/fixtures/image_00001_.png', import.meta.url));
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(clip)]), 'reference.png');
  const uploaded = await anna.fetch('/api/inputs', { method: 'POST', body: form });
  expect(uploaded.status).toBe(200);
  const before = await run('Before');
  const [gone, kept] = [(await run('Deleted by hand')).results[0], before.results[0]];
  await rm(join(product.folders.outputs, 'Anna', gone?.filename ?? ''));
  await product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
  const held = await anna.api.jobs.submit.mutate({ prompt: picture(), title: 'On a GPU' });
  await until('it to be on a GPU', async () => (await anna.api.jobs.get.query({ id: held.id })).status === 'running');
  const backup = await until('a backup', () =>
    backups()
      .make.mutate()
      .catch(() => null),
  );
  expect(backup.missing).toBe(1);
  const later = await anna.api.jobs.submit.mutate({ prompt: picture(), title: 'After the backup' });
  await product.pause();

  await rm(join(product.folders.sfs, 'inputs'), { recursive: true });
  await mkdir(join(product.folders.sfs, 'inputs'));
  const into = join(dir, 'restored');
  const folder = join(dir, 'kept', backup.name);
  const first = restore(folder, into);
  expect(first).toEqual({ status: 0, said: expect.stringContaining('Restored the backup of') });
  expect(first.said).toContain(`1 files are missing from the backup or damaged:\n    outputs/Anna/${gone?.filename}`);
  expect(restore(folder, into)).toEqual({ status: 1, said: expect.stringContaining('already exists') });
  expect(restore(dir, join(dir, 'other'))).toEqual({
    status: 1,
    said: expect.stringContaining('is not a comfyume backup'),
  });
  const [input] = await readdir(join(product.folders.sfs, 'inputs'));
  expect(await readFile(join(product.folders.sfs, 'inputs', input ?? ''))).toEqual(clip);

  await product.fleet().control.setFaults({ nodes: [] });
  await product.resume({
    dataDir: join(into, 'data'),
    databaseUrl: `file:${join(into, 'data', 'comfyume.db')}`,
    outputsDir: join(into, 'outputs'),
  });
  const file = await anna.fetch(kept?.url ?? '');
  expect(sha256(new Uint8Array(await file.arrayBuffer()))).toBe(kept?.sha256);
  await until('what was on a GPU to come home', async () => {
    const job = await anna.api.jobs.get.query({ id: held.id });
    return job.status === 'completed' && job.results.length === 1;
  });
  expect((await anna.api.jobs.list.query({})).items.map(({ id }) => id)).not.toContain(later.id);
  expect((await run('The class goes on')).results).toHaveLength(1);
});

test('a damaged file of a backup is not put in place', async () => {
  const { name } = await until('a backup', () =>
    backups()
      .make.mutate()
      .catch(() => null),
  );
  const { results } = (await anna.api.jobs.list.query({})).items.find(({ title }) => title === 'Before') ?? {};
  const [result] = results ?? [];
  const pooled = join(dir, 'kept', pooledAs(result?.sha256 ?? ''));
  await writeFile(pooled, Buffer.alloc(result?.bytes ?? 0));
  const { status, said } = restore(join(dir, 'kept', name), join(dir, 'damaged'));
  expect(status).toBe(0);
  expect(said).toContain(`outputs/Anna/${result?.filename}`);
});
