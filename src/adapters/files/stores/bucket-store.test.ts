import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileStore } from '#src/ports/files/file-store.ts';
import { createDrafts } from '../disks/drafts.ts';
import { type BucketSettings, createBucket, type ListedObject } from './bucket.ts';
import { checkBucket } from './bucket-check.ts';
import { createBucketStore } from './bucket-store.ts';
import { fileStoreContract } from './file-store.contract.testing.ts';
import { createLocalCopies, LEFT_FREE } from './local-copies.ts';
import { type S3Server, startS3Server } from './s3-server.testing.ts';

let server: S3Server;
let count = 0;
beforeAll(async () => {
  server = await startS3Server();
});
afterAll(() => server.stop());

async function open(maxBytes: number) {
  const dir = await mkdtemp(join(tmpdir(), 'bucket-store-'));
  count += 1;
  const bucket = await createBucket({ ...server.settings, prefix: `class-${count}/` });
  const draft = createDrafts(dir);
  const copies = createLocalCopies(draft, maxBytes);
  return {
    dir,
    bucket,
    store: createBucketStore(bucket, { below: '', draft, copies }),
    async close() {
      bucket.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

describe.each([
  ['with local copies', 1_000_000_000],
  ['with no room for copies', 1],
])('a bucket, %s', (_, maxBytes) => fileStoreContract(() => open(maxBytes)));

async function put(store: FileStore, path: string, content: Uint8Array | string): Promise<void> {
  const draft = store.draft('test');
  await writeFile(draft, content);
  await store.put(draft, path, null);
}
const reads = () => server.requests.filter((request) => request.startsWith('GET ') && !request.includes('list-type'));
const text = (file: string) => readFile(file, 'utf8');

describe('copies on this machine', () => {
  test('what was put is not fetched again, and what is fetched is fetched once', async () => {
    const one = await open(1_000_000);
    await put(one.store, 'anna/a.txt', 'content');
    server.requests.length = 0;
    expect(await one.store.local('anna/a.txt', text)).toBe('content');
    expect(reads()).toEqual([]);
    // Another process, or this one after a restart.
    const copies = createLocalCopies(createDrafts(join(one.dir, 'other')), 1_000_000);
    const other = createBucketStore(one.bucket, { below: '', draft: one.store.draft, copies });
    const all = await Promise.all([1, 2, 3].map(() => other.local('anna/a.txt', text)));
    expect([all, reads().length]).toEqual([['content', 'content', 'content'], 1]);
    // The other process learns of new content by its entity tag.
    await put(one.store, 'anna/a.txt', 'new content');
    expect(await other.local('anna/a.txt', text)).toBe('new content');
    await one.store.remove('anna/a.txt');
    await expect(other.local('anna/a.txt', text)).rejects.toMatchObject({ code: 'not_found' });
    await one.close();
  });

  test('take no more room than they may; what is in use stays until it is not', async () => {
    const one = await open(2500);
    const kept = async () => {
      const names = await readdir(one.dir);
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(one.dir, name))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    for (const name of ['a', 'b', 'c', 'd']) await put(one.store, `anna/${name}`, name.repeat(1000));
    await expect.poll(kept).toBe(2000);
    await one.store.local('anna/a', async (file) => {
      for (const name of ['b', 'c', 'd']) await one.store.local(`anna/${name}`, async () => undefined);
      expect(await text(file)).toBe('a'.repeat(1000));
    });
    await expect.poll(kept).toBe(2000);
    await put(one.store, 'anna/large', 'x'.repeat(5000));
    expect((await one.store.local('anna/large', text)).length).toBe(5000);
    await expect.poll(kept).toBeLessThanOrEqual(2500);
    await one.close();
  });

  test('are fetched again where another host has removed them as old', async () => {
    const one = await open(1_000_000);
    await put(one.store, 'anna/a.txt', 'content');
    for (const name of await readdir(one.dir)) await utimes(join(one.dir, name), 1, 1);
    expect(await one.store.local('anna/a.txt', async (file) => (await stat(file)).mtimeMs)).toBeGreaterThan(1000);
    for (const name of await readdir(one.dir)) await rm(join(one.dir, name));
    expect(await one.store.local('anna/a.txt', text)).toBe('content');
    await one.close();
  });

  test('go where the disk has little room left', async () => {
    const one = await open(1_000_000);
    const dir = join(one.dir, 'small');
    const size = async () => (await readdir(dir)).length * 1000;
    const copies = createLocalCopies(createDrafts(dir), 1_000_000, async () => LEFT_FREE + 2500 - (await size()));
    const store = createBucketStore(one.bucket, { below: '', draft: one.store.draft, copies });
    for (const name of ['a', 'b', 'c', 'd']) await put(one.store, `anna/${name}`, name.repeat(1000));
    for (const name of ['a', 'b', 'c', 'd']) expect(await store.local(`anna/${name}`, text)).toBe(name.repeat(1000));
    expect(await size()).toBe(2000);
    await put(store, 'anna/e', 'e'.repeat(1000));
    expect(await size()).toBe(2000);
    await one.close();
  });

  test('a download that was cut leaves nothing, and is begun again', async () => {
    const one = await open(1);
    await put(one.store, 'anna/a.bin', Buffer.alloc(3_000_000, 1));
    await expect.poll(() => readdir(one.dir)).toEqual([]);
    server.setFault(({ method }) => (method === 'GET' ? 'cut' : null));
    await expect(one.store.local('anna/a.bin', async () => 'used')).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    expect(await readdir(one.dir)).toEqual([]);
    server.setFault(null);
    expect(await one.store.local('anna/a.bin', async (file) => (await stat(file)).size)).toBe(3_000_000);
    await one.close();
  });
});

test('large files go in parts, and nothing has the name before the last one has arrived', async () => {
  const one = await open(1);
  const content = randomBytes(20 * 1024 * 1024);
  server.requests.length = 0;
  let parts = 0;
  // As when this process is killed in the middle: the storage has some of the parts, and is told nothing more.
  server.setFault(({ method, url }) => {
    if (method === 'PUT' && url?.includes('partNumber')) parts += 1;
    return parts >= 2 ? 'cut' : null;
  });
  await expect(put(one.store, 'anna/film.mp4', content)).rejects.toMatchObject({ code: 'storage_unavailable' });
  server.setFault(null);
  expect(await one.store.size('anna/film.mp4')).toBeNull();
  await put(one.store, 'anna/film.mp4', 'the first film');
  parts = 0;
  server.setFault(({ url }) => (url?.includes('uploadId') && !url.includes('partNumber') ? 'cut' : null));
  await expect(put(one.store, 'anna/film.mp4', content)).rejects.toMatchObject({ code: 'storage_unavailable' });
  server.setFault(null);
  expect(await one.store.local('anna/film.mp4', text)).toBe('the first film');
  await put(one.store, 'anna/film.mp4', content);
  expect(await one.store.size('anna/film.mp4')).toBe(content.length);
  await one.close();
});

test('a list of any length is read page by page', async () => {
  const page = (content: string) => `<?xml version="1.0"?><ListBucketResult>${content}</ListBucketResult>`;
  const entry = (key: string) =>
    `<Contents><Key>${key}</Key><LastModified>2026-11-23T10:00:00.000Z</LastModified></Contents>`;
  const answers = [
    page(
      `${entry('x/a')}${entry('x/b')}<IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>`,
    ),
    page(`${entry('x/c')}<IsTruncated>false</IsTruncated>`),
  ];
  const asked: string[] = [];
  const listing = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(answers[asked.length - 1]);
  });
  await new Promise<void>((resolve) => listing.listen(0, '127.0.0.1', resolve));
  const address = listing.address();
  const port = typeof address === 'object' ? address?.port : null;
  const bucket = await createBucket({ ...server.settings, endpoint: `http://127.0.0.1:${port}` });
  const found: ListedObject[] = [];
  for await (const one of bucket.list('x/')) found.push(one);
  const modifiedAt = Date.parse('2026-11-23T10:00:00.000Z');
  expect(found).toEqual(['x/a', 'x/b', 'x/c'].map((key) => ({ key, modifiedAt })));
  expect(asked).toEqual([expect.not.stringContaining('token'), expect.stringContaining('continuation-token=more')]);
  bucket.close();
  listing.close();
});

describe('what is told of a storage that cannot be used', () => {
  const asked = async (changes: Partial<BucketSettings>) => {
    const bucket = await createBucket({ ...server.settings, ...changes });
    const { refused } = await checkBucket(bucket);
    bucket.close();
    return refused;
  };

  test('nothing where all is well, and nothing is left there', async () => {
    expect(await asked({ prefix: 'checked/' })).toBeNull();
    const bucket = await createBucket(server.settings);
    for await (const { key } of bucket.list('checked/')) throw new Error(`${key} is left`);
    bucket.close();
  });

  test.each<[string, Partial<BucketSettings>, RegExp]>([
    ['an unknown key', { accessKeyId: 'nobody' }, /refuses access to the bucket "class-files".*S3_ACCESS_KEY_ID/],
    ['another bucket', { bucket: 'nowhere' }, /There is no bucket "nowhere" at 127\.0\.0\.1.*S3_BUCKET/],
    [
      'nobody there',
      { endpoint: 'http://127.0.0.1:1' },
      /127\.0\.0\.1:1 does not respond \(ECONNREFUSED\).*S3_ENDPOINT/,
    ],
  ])('%s', async (_, changes, sentence) => {
    expect(await asked(changes)).toMatch(sentence);
  });

  test('a wrong secret; and the log gets no more than a sentence and its cause', async () => {
    const bucket = await createBucket({ ...server.settings, secretAccessKey: 'wrong' });
    const error: unknown = await bucket.find('a').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringMatching(/refuses access to the bucket "class-files".*S3_SECRET_ACCESS_KEY/),
      cause: expect.any(Error),
    });
    expect(inspect(error, { depth: 10 })).not.toMatch(/socket|authorization|S3RVER/i);
    bucket.close();
  });
});

test('whoever keeps results in folders does not load the client', async () => {
  const folder = new URL('../../../../src/', import.meta.url);
  const sources = (await readdir(folder, { recursive: true })).filter((name) => /\.ts$/.test(name));
  const eager: string[] = [];
  for (const name of sources)
    if (/^import (?!type).*'@aws-sdk/m.test(await readFile(new URL(name, folder), 'utf8'))) eager.push(name);
  expect(eager).toEqual([]);
});
