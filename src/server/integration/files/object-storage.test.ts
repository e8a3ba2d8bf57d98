import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Bucket, createBucket } from '#src/adapters/files/stores/bucket.ts';
import { type S3Server, startS3Server } from '#src/adapters/files/stores/s3-server.testing.ts';
import type { ResultView } from '#src/api/views.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

let server: S3Server;
let bucket: Bucket;
let dir: string;
let product: ProductUnderTest;
let anna: TestPerson;
let first: ResultView;
let bytes: Buffer;

const s3 = (changes: object = {}) => ({ ...server.settings, prefix: 'school/', cacheBytes: 1e9, ...changes });
const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const submit = async (): Promise<string> => (await anna.api.jobs.submit.mutate({ prompt: picture() })).id;
const ended = (id: string) =>
  until('the end of the job', async () => {
    const job = await anna.api.jobs.get.query({ id });
    return job.endedAt !== null && job;
  });
const run = async (): Promise<ResultView> => {
  const job = await ended(await submit());
  expect(job).toMatchObject({ status: 'completed', message: null });
  return job.results[0]!;
};
const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await anna.fetch(path, { headers, method });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
};
async function keys(prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of bucket.list(prefix)) found.push(key);
  return found.sort();
}

beforeAll(async () => {
  server = await startS3Server();
  bucket = await createBucket(server.settings);
  dir = await mkdtemp(join(tmpdir(), 'comfyume-bucket-'));
  product = await productUnderTest({
    fleet: { replicas: 1 },
    config: { s3: s3(), backups: { dir: join(dir, 'kept'), everyMs: 24 * 3_600_000, keep: 2 } },
  });
  anna = await product.participant('Änne 雨');
  first = await run();
  bytes = (await get(first.url)).body;
});
afterAll(async () => {
  await product.stop();
  bucket.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

test('a result is in the bucket under its path, and nowhere else', async () => {
  expect(await keys('school/Änne')).toEqual([`school/Änne 雨/${first.filename}`]);
  expect(await product.filesOf(anna)).toEqual([]);
  expect(sha256(bytes)).toBe(first.sha256);
  // Its thumbnail may still be made.
  await expect.poll(() => readdir(join(product.folders.outputs, '.incoming'))).toEqual([]);
});

test('it is served whole, in parts, and not to whoever has it', async () => {
  const head = await get(first.url, {}, 'HEAD');
  expect([head.status, head.headers.get('content-length'), head.body.length]).toEqual([200, `${bytes.length}`, 0]);
  const etag = head.headers.get('etag') ?? '';
  for (const [range, from, to] of [
    ['bytes=0-9', 0, 10],
    ['bytes=-10', bytes.length - 10, bytes.length],
    ['bytes=100-', 100, bytes.length],
  ] as const) {
    const part = await get(first.url, { range, 'if-range': etag });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/${bytes.length}`]);
    expect(part.body.equals(bytes.subarray(from, to))).toBe(true);
  }
  expect((await get(first.url, { range: `bytes=${bytes.length}-` })).status).toBe(416);
  expect((await get(first.url, { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
  const known = await get(first.url, { 'if-none-match': etag });
  expect([known.status, known.body.length]).toEqual([304, 0]);
});

test('thumbnail, clean copy and wall', async () => {
  const thumb = await get(`/files/${first.id}/thumb`);
  expect([thumb.status, thumb.headers.get('content-type')]).toEqual([200, 'image/webp']);
  const clean = await get(`/files/${first.id}/clean`);
  expect([clean.status, clean.body.includes('comfyume_job'), bytes.includes('comfyume_job')]).toEqual([
    200,
    false,
    true,
  ]);
  await anna.api.results.hang.mutate({ ids: [first.id], onWall: true });
  expect((await get(`/files/${first.id}/wall`)).body.equals(clean.body)).toBe(true);
  expect(await keys('school/.derived/')).toEqual([
    `school/.derived/${first.id}.clean`,
    `school/.derived/${first.id}.webp`,
  ]);
});

const prepared = z.object({ url: z.string(), bytes: z.number(), missing: z.number() });
const takeHome = async () => {
  const response = await get('/takehome?zone=UTC', { accept: 'application/json' });
  return prepared.parse(JSON.parse(response.body.toString()));
};

test('an archive, whole and in parts; another process has it too', async () => {
  const { url, bytes: length, missing } = await takeHome();
  expect(missing).toBe(0);
  const zip = (await get(url)).body;
  expect([zip.length, zip.includes(bytes), zip.includes('parameters.csv')]).toEqual([length, true, true]);
  await product.pause();
  await product.resume();
  const [one, other] = [await get(url, { range: 'bytes=0-999' }), await get(url, { range: 'bytes=1000-' })];
  expect(Buffer.concat([one.body, other.body]).equals(zip)).toBe(true);
  expect((await takeHome()).url).toBe(url);
});

test('after a restart everything is read from the bucket, and nothing is made anew', async () => {
  await product.pause();
  await product.resume();
  server.requests.length = 0;
  expect(sha256((await get(first.url)).body)).toBe(first.sha256);
  expect((await get(`/files/${first.id}/thumb`)).status).toBe(200);
  expect(server.requests.filter((request) => /^PUT .*\.derived/.test(request))).toEqual([]);
});

test('while the storage is away, finished work waits, and nothing is lost', async () => {
  const before = server.requests.length;
  server.setDown(true);
  const id = await submit();
  const waiting = await until('the job to wait', async () => {
    const job = await anna.api.jobs.get.query({ id });
    return job.reason === 'storage_unavailable' && job;
  });
  expect(waiting).toMatchObject({ status: 'delivering', results: [], message: expect.stringContaining('safe') });
  expect(server.requests.length).toBeGreaterThan(before);
  expect(await product.operator.fetch('/readyz').then((response) => response.json())).toEqual({
    ok: false,
    faults: expect.arrayContaining([expect.stringContaining('No files can be stored in the bucket "class-files"')]),
  });
  const asked = await get(first.url);
  expect([asked.status, asked.body.toString()]).toEqual([503, expect.stringContaining('Nothing is lost')]);
  const { findings } = await product.operator.api.admin.storage.look.mutate();
  expect(findings).toContainEqual(expect.objectContaining({ what: 'Object storage', level: 'fault' }));
  server.setDown(false);
  expect(await ended(id)).toMatchObject({ status: 'completed', reason: null, results: [{ jobId: id }] });
  expect((await get(first.url)).status).toBe(200);
});

test('with a wrong key, work waits until the key is right', async () => {
  await product.pause();
  await product.resume({ s3: s3({ accessKeyId: 'nobody' }) });
  const id = await submit();
  await until('the job to wait', async () => {
    const job = await anna.api.jobs.get.query({ id });
    return job.status === 'delivering' && job.reason === 'storage_unavailable';
  });
  const { findings } = await product.operator.api.admin.storage.look.mutate();
  expect(findings).toContainEqual(
    expect.objectContaining({
      what: 'Object storage',
      sentence: expect.stringMatching(/refuses access.*S3_ACCESS_KEY_ID/),
    }),
  );
  await product.pause();
  await product.resume();
  expect(await ended(id)).toMatchObject({ status: 'completed', results: [{ jobId: id }] });
  const later = await until('a look without faults', async () => {
    const look = await product.operator.api.admin.storage.look.mutate();
    return look.findings.find(({ what, level }) => what === 'Object storage' && level === 'ok');
  });
  expect(later.sentence).toContain('can be stored, read, listed and deleted');
});

const restore = (backup: string): Promise<{ failed: boolean; said: string }> =>
  new Promise((resolve) => {
    const { endpoint, bucket: name, accessKeyId, secretAccessKey } = server.settings;
    const program = fileURLToPath(new URL('../../process/restore.ts', import.meta.url));
    execFile(
      process.execPath,
      ['--import', 'tsx', program, join(dir, 'kept', backup)],
      {
        env: {
          NODE_ENV: 'test',
          PATH: process.env.PATH ?? '',
          DATA_DIR: join(dir, 'restored'),
          SFS_DIR: product.folders.sfs,
          S3_ENDPOINT: endpoint ?? '',
          S3_BUCKET: name,
          S3_PREFIX: 'restored',
          S3_ACCESS_KEY_ID: accessKeyId,
          S3_SECRET_ACCESS_KEY: secretAccessKey,
        },
      },
      (error, stdout, stderr) => resolve({ failed: error !== null, said: stdout + (error === null ? '' : stderr) }),
    );
  });

test('a folder that was copied to the bucket, as aws s3 sync does, is served from there', async () => {
  await product.pause();
  await product.resume({ s3: null });
  const local = await run();
  const path = join(anna.name, local.filename);
  const key = `school/${path}`;
  await copyFile(join(product.folders.outputs, path), join(dir, 'synced'));
  await bucket.upload(join(dir, 'synced'), key, null);
  await product.pause();
  await rm(join(product.folders.outputs, anna.name), { recursive: true });
  await product.resume();
  expect(sha256((await get(local.url)).body)).toBe(local.sha256);
  expect((await get(`/files/${local.id}/thumb`)).status).toBe(200);
  // A name is given once, whoever has put the file there.
  expect((await run()).filename).not.toBe(local.filename);
  expect((await keys(key)).length).toBe(1);
});

test('a backup has the files of the bucket, and goes to another place there', async () => {
  const backup = await until('a backup', () => product.operator.api.admin.backups.make.mutate().catch(() => null));
  const { items } = await anna.api.results.list.query({});
  expect(backup).toMatchObject({ files: items.length, missing: 0 });
  const restored = await restore(backup.name);
  expect(restored).toEqual({ failed: false, said: expect.stringContaining(`and ${items.length} files`) });
  expect(await keys('restored/')).toEqual(items.map(({ filename }) => `restored/Änne 雨/${filename}`).sort());
});

test('deleted with their owner, from the bucket too', async () => {
  const ben = await product.participant('Ben');
  // What is there for a moment while the system is checked, and what Download all has packed.
  const left = async () => (await keys('school/')).filter((key) => !/\/\.(archives|comfyume-check)/.test(key));
  expect((await left()).length).toBeGreaterThan(3);
  await product.operator.api.admin.participants.delete.mutate({ id: anna.id, withWork: true });
  expect(await left()).toEqual([]);
  anna = ben;
  expect((await run()).bytes).toBeGreaterThan(0);
  expect(product.wentWrong()).toEqual([]);
});
