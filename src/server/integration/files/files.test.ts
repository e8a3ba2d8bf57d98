import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResultView } from '#src/api/views.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

describe('files', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;
  let result: ResultView;
  let bytes: Buffer;

  async function run(who: TestPerson, prompt: unknown): Promise<ResultView[]> {
    const { id } = await who.api.jobs.submit.mutate({ prompt });
    const job = await until('the end of the job', async () => {
      const now = await who.api.jobs.get.query({ id });
      return now.endedAt !== null && now;
    });
    expect(job).toMatchObject({ status: 'completed', message: null });
    return job.results;
  }

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 1 } });
    [anna, ben] = [await product.participant('Änne 雨'), await product.participant('Ben')];
    const [made] = await run(anna, picture({ prefix: 'Füße 雨/großes "Bild" 🌧', width: 640, height: 480 }));
    if (!made) throw new Error('no result');
    result = made;
    bytes = await readFile(join(product.folders.outputs, anna.name, result.filename));
  });
  afterAll(() => product.stop());

  type Got = { status: number; headers: Record<string, unknown>; body: Buffer };
  /** Without fetch, which puts a no-cache of its own beside If-None-Match, and fixes paths. */
  const get = (headers: Record<string, string> = {}, path = result.url, method = 'GET'): Promise<Got> =>
    new Promise((resolve, reject) => {
      const asked = request(
        {
          agent: false,
          host: '127.0.0.1',
          port: new URL(product.url).port,
          path,
          method,
          headers: { cookie: anna.cookie(), ...headers },
        },
        async (response) => {
          const parts: Buffer[] = [];
          for await (const part of response) parts.push(part);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
        },
      );
      asked.on('error', reject).end();
    });

  test('a result is served whole, as what it is, and can do nothing', async () => {
    expect(result).toMatchObject({
      filename: 'Füße 雨/großes _Bild_ 🌧_00001_.png',
      kind: 'image',
      mime: 'image/png',
      width: 640,
      height: 480,
      bytes: bytes.length,
    });
    expect(result.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.body.equals(bytes)).toBe(true);
    expect(response.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    });
    const policy = String(response.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox');
    expect(policy).not.toContain('script');
  });

  test.each([
    ['', /^inline; /],
    ['?download=1', /^attachment; /],
  ])('the name of a download in any alphabet%s', async (query, kind) => {
    const disposition = String((await get({}, `${result.url}${query}`)).headers['content-disposition']);
    expect(disposition).toMatch(kind);
    const encoded = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1] ?? '';
    expect(decodeURIComponent(encoded)).toBe('großes _Bild_ 🌧_00001_.png');
  });

  test.each<[string, (size: number) => [number, number]]>([
    ['bytes=0-9', () => [0, 9]],
    ['bytes=10-10', () => [10, 10]],
    ['bytes=100-', (size) => [100, size - 1]],
    ['bytes=-10', (size) => [size - 10, size - 1]],
    ['bytes=-99999999', (size) => [0, size - 1]],
    ['bytes=0-99999999', (size) => [0, size - 1]],
  ])('a part: %s', async (range, expected) => {
    const [from, to] = expected(bytes.length);
    const response = await get({ range });
    expect([response.status, response.headers['content-range'], response.headers['content-length']]).toEqual([
      206,
      `bytes ${from}-${to}/${bytes.length}`,
      String(to - from + 1),
    ]);
    expect(response.body.equals(bytes.subarray(from, to + 1))).toBe(true);
    const head = await get({ range }, result.url, 'HEAD');
    expect([head.status, head.headers['content-range'], head.body.length]).toEqual([
      206,
      `bytes ${from}-${to}/${bytes.length}`,
      0,
    ]);
  });

  test('a part that there is not', async () => {
    for (const range of ['bytes=99999999-', `bytes=${bytes.length}-`]) {
      const response = await get({ range });
      expect([response.status, response.headers['content-range'], response.body.length]).toEqual([
        416,
        `bytes */${bytes.length}`,
        0,
      ]);
    }
    for (const range of ['bytes=0-1,4-5', 'lines=0-1', 'nonsense'])
      expect([(await get({ range })).status, range]).toEqual([200, range]);
  });

  test('a part only of the file that the browser has begun with', async () => {
    const etag = String((await get({}, result.url, 'HEAD')).headers.etag);
    expect((await get({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
  });

  test('what the browser has is not sent again', async () => {
    const first = await get({}, result.url, 'HEAD');
    expect([first.status, first.headers['content-length'], first.body.length]).toEqual([200, String(bytes.length), 0]);
    const etag = String(first.headers.etag);
    for (const known of [etag, `"other", ${etag}`, `W/${etag}`]) {
      const again = await get({ 'if-none-match': known });
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
    }
    expect((await get({ 'if-none-match': '"another"' })).status).toBe(200);
  });

  test('for the owner and the operator, not for others, not for nobody', async () => {
    const none = `/files/${randomUUID()}/x.png`;
    for (const path of [result.url, result.thumbUrl ?? '', `${result.url}?download=1`]) {
      expect((await product.operator.fetch(path)).status).toBe(200);
      const [foreign, missing] = [await ben.fetch(path), await ben.fetch(none)];
      expect([foreign.status, await foreign.text()]).toEqual([404, await missing.text()]);
      expect(foreign.headers.get('content-type')).toMatch(/^text\/plain/);
      const nobody = await product.visitor().fetch(path);
      expect([nobody.status, nobody.headers.get('cache-control')]).toEqual([401, 'no-store']);
    }
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await anna.fetch(result.url, { method })).status).toBe(405);
  });

  test.each([
    '/files/',
    '/files/x',
    '/files/..%2f..%2fcomfyume.db',
    '/files/%00/x',
    '/files/%/x',
    `/files/${'a'.repeat(5000)}/x`,
  ])('%s is no file', async (path) => {
    const response = await get({}, path);
    expect([response.status, response.body.toString()]).toEqual([404, 'File not found.\n']);
  });

  test('a thumbnail of a large one', async () => {
    const response = await get({}, result.thumbUrl ?? '');
    expect([response.status, response.headers['content-type'], response.headers['cache-control']]).toEqual([
      200,
      'image/webp',
      'private, max-age=31536000, immutable',
    ]);
    const small = response.body;
    const { format, width = 0, height = 0 } = await sharp(small).metadata();
    expect(format).toBe('webp');
    expect(width / height).toBeCloseTo(640 / 480, 1);
    expect(small.length).toBeLessThan(bytes.length);
    const etag = String(response.headers.etag);
    expect((await get({ 'if-none-match': etag }, result.thumbUrl ?? '')).status).toBe(304);
  });

  test('sound has none', async () => {
    const [sound] = await run(anna, {
      '2': { class_type: 'EmptyAudio', inputs: { duration: 1, sample_rate: 48_000, channels: 2 } },
      '9': { class_type: 'SaveAudio', inputs: { audio: ['2', 0], filename_prefix: 'song' } },
    });
    expect(sound).toMatchObject({ kind: 'audio', mime: 'audio/flac', filename: 'song_00001_.flac', thumbUrl: null });
    expect((await anna.fetch(sound?.url ?? '')).headers.get('content-type')).toBe('audio/flac');
    expect((await anna.fetch(`/files/${sound?.id}/thumb`)).status).toBe(404);
  });

  test('one that is gone from the disk is told to be gone, and is not kept as that by the browser', async () => {
    const [gone] = await run(anna, picture({ prefix: 'gone' }));
    await rm(join(product.folders.outputs, anna.name, gone?.filename ?? ''));
    const response = await get({}, gone?.url);
    expect([
      response.status,
      response.headers['cache-control'],
      response.headers.etag,
      response.body.toString(),
    ]).toEqual([404, 'no-store', undefined, 'This file no longer exists.\n']);
  });

  test('health and readiness', async () => {
    const nobody = product.visitor();
    expect(await (await nobody.fetch('/healthz')).json()).toEqual({ ok: true });
    expect(await (await nobody.fetch('/readyz')).json()).toEqual({ ok: true, faults: [] });
    expect((await nobody.fetch('/api/nothing')).status).toBe(404);
    const page = await nobody.fetch('/');
    expect([page.status, page.headers.get('location')]).toEqual([302, '/login?next=%2F']);
    for (const path of ['//', '/\\', '//x:y:z', 'nonsense', '/%'])
      expect((await get({}, path)).status, path).toBeLessThan(500);
  });
});
