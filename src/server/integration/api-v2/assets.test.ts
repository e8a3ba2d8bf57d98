import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { blake3 } from 'hash-wasm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apiAsset, apiJob } from '#src/domain/api-v2/schemas.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Deps } from '#src/server/process/deps.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const assetShape = z.strictObject({ ...apiAsset.shape, created_new: z.boolean().optional() });
const envelope = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).nullable(),
  }),
});

/** A picture that nobody has yet. */
const newPicture = (): Promise<Buffer> =>
  sharp(randomBytes(24 * 16 * 3), { raw: { width: 24, height: 16, channels: 3 } })
    .png()
    .toBuffer();
const hashOf = async (bytes: Uint8Array): Promise<string> => `blake3:${await blake3(bytes)}`;
const pixels = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).removeAlpha().raw().toBuffer();

let product: ProductUnderTest;
let deps: Deps;
let isFull = false;
type Program = { readonly person: TestPerson; readonly token: string };
let anna: Program;
let ben: Program;

beforeAll(async () => {
  product = await productUnderTest({
    arrange(real) {
      const keep: Deps['inputShare']['keep'] = (...upload) =>
        isFull
          ? Promise.reject(new AppError('storage_full', 'The shared file system is full.'))
          : real.inputShare.keep(...upload);
      deps = { ...real, inputShare: { ...real.inputShare, keep } };
      return deps;
    },
  });
  const programs = await Promise.all(
    (await product.participants(['Anna', 'Ben'])).map(async (person) => {
      const { token } = await person.api.session.createToken.mutate({ name: 'program' });
      return { person, token };
    }),
  );
  anna = programs[0]!;
  ben = programs[1]!;
});
afterAll(() => product.stop());

const ask = ({ token }: Program, path: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return fetch(`${product.url}/api/v2/assets${path}`, { ...init, headers });
};

function formOf(bytes: Uint8Array, fields: Record<string, string>, name = 'photo.png'): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries({ content_type: 'image/png', file_path: name, ...fields }))
    form.append(field, value);
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  return form;
}
const send = (who: Program, bytes: Uint8Array, fields: Record<string, string> = {}, name?: string) =>
  ask(who, '', { method: 'POST', body: formOf(bytes, fields, name) });
const fromHash = (who: Program, hash: string, file_path?: string) =>
  ask(who, '/from-hash', { method: 'POST', body: JSON.stringify({ hash, file_path }) });

async function assetOf(response: Response, status: number) {
  const body: unknown = await response.json();
  expect([response.status, body]).toEqual([status, expect.any(Object)]);
  return assetShape.parse(body);
}
async function refused(response: Response, status: number, code: string) {
  const { error } = envelope.parse(await response.json());
  expect([response.status, error.code]).toEqual([status, code]);
  return error;
}
const upload = async (who: Program, bytes: Uint8Array, name?: string) => assetOf(await send(who, bytes, {}, name), 201);
const stored = (): Promise<string[]> => readdir(join(product.folders.sfs, 'inputs'), { recursive: true });

async function finished({ person }: Program, prompt: Record<string, unknown>) {
  const { id } = await person.api.jobs.submit.mutate({ prompt });
  const job = await until('the end of this job', async () => {
    const now = await person.api.jobs.get.query({ id });
    return now.endedAt !== null && now;
  });
  expect([job.status, job.message]).toEqual(['completed', null]);
  return job;
}

test('a file that is sent is an asset with its hash, and comes back whole and in parts', async () => {
  const bytes = await newPicture();
  const made = await assetOf(await send(anna, bytes, { expected_hash: await hashOf(bytes), tags: 'input' }), 201);
  expect(made).toMatchObject({
    hash: await hashOf(bytes),
    size_bytes: bytes.length,
    content_type: 'image/png',
    file_path: 'photo.png',
    created_new: true,
    url: `${product.url}/api/v2/assets/${made.id}/content`,
    job_id: null,
  });
  const { created_new, url_expires_at, ...same } = made;
  expect(await assetOf(await ask(anna, `/${made.id}`), 200)).toMatchObject(same);

  const whole = await ask(anna, `/${made.id}/content`);
  expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  const part = await ask(anna, `/${made.id}/content`, { headers: { range: 'bytes=10-19' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${bytes.length}`]);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
  expect((await ask(anna, `/${made.id}/content`, { headers: { range: `bytes=${bytes.length}-` } })).status).toBe(416);
  const head = await ask(anna, `/${made.id}/content`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
});

test('the same content twice is the same asset; under another name it is another one, over the same file', async () => {
  const bytes = await newPicture();
  const first = await upload(anna, bytes);
  const before = (await stored()).length;
  expect(await assetOf(await send(anna, bytes, {}, first.file_path), 200)).toMatchObject({
    id: first.id,
    created_new: false,
  });
  const other = await assetOf(await send(anna, bytes, {}, 'other.png'), 200);
  expect(other).toMatchObject({ hash: first.hash, file_path: 'other.png', created_new: false });
  expect(other.id).not.toBe(first.id);
  expect((await stored()).length).toBe(before);
});

test('thirty that are sent at once all arrive', async () => {
  const many = await Promise.all(Array.from({ length: 30 }, newPicture));
  const made = await Promise.all(many.map((bytes, at) => upload(anna, bytes, `many ${at}.png`)));
  expect(new Set(made.map(({ id }) => id)).size).toBe(30);
});

describe('a hash', () => {
  test('that is wrong: nothing is stored, wherever in the form it stands', async () => {
    const bytes = await newPicture();
    const before = await stored();
    const wrong = await hashOf(await newPicture());
    const { details } = await refused(await send(anna, bytes, { expected_hash: wrong }), 409, 'hash_mismatch');
    expect(details).toEqual({ expected_hash: wrong, actual_hash: await hashOf(bytes) });
    const late = formOf(bytes, {});
    late.append('expected_hash', wrong);
    await refused(await ask(anna, '', { method: 'POST', body: late }), 409, 'hash_mismatch');
    await refused(await send(anna, bytes, { expected_hash: 'md5:0' }), 422, 'invalid_request');
    expect(await stored()).toEqual(before);
    expect((await ask(anna, `/by-hash/${await hashOf(bytes)}`, { method: 'HEAD' })).status).toBe(404);
  });

  test('opens what its owner has: as it is, or under another name', async () => {
    const bytes = await newPicture();
    const { id, hash, file_path } = await upload(anna, bytes, 'by hash.png');
    expect((await ask(anna, `/by-hash/${hash}`, { method: 'HEAD' })).status).toBe(200);
    expect(await assetOf(await ask(anna, `/by-hash/${hash}`), 200)).toMatchObject({ id, hash });
    for (const name of [undefined, file_path])
      expect(await assetOf(await fromHash(anna, `${hash}`, name), 200)).toMatchObject({ id, created_new: false });
    const renamed = await assetOf(await fromHash(anna, `${hash}`, 'second name.png'), 201);
    expect(renamed).toMatchObject({ hash, file_path: 'second name.png', created_new: false });
    expect(await assetOf(await fromHash(anna, `${hash}`, 'second name.png'), 200)).toMatchObject({ id: renamed.id });
  });

  test('of a file that was lost opens nothing, so that it is sent again', async () => {
    const bytes = await newPicture();
    const { id, hash } = await upload(anna, bytes, 'lost.png');
    const file = (await deps.inputs.get(id))?.file ?? '';
    await rm(join(product.folders.sfs, 'inputs', file));
    expect((await ask(anna, `/by-hash/${hash}`, { method: 'HEAD' })).status).toBe(404);
    expect(await assetOf(await send(anna, bytes, {}, 'lost.png'), 200)).toMatchObject({ id });
    expect((await ask(anna, `/by-hash/${hash}`, { method: 'HEAD' })).status).toBe(200);
  });
});

test('what another person has is not there: not by its id, not by its hash, not by its content', async () => {
  const bytes = await newPicture();
  const { id, hash } = await upload(anna, bytes, 'private.png');
  await refused(await ask(ben, `/${id}`), 404, 'not_found');
  await refused(await ask(ben, `/${id}/content`), 404, 'not_found');
  await refused(await ask(ben, `/${id}`, { method: 'DELETE' }), 404, 'not_found');
  expect((await ask(ben, `/by-hash/${hash}`, { method: 'HEAD' })).status).toBe(404);
  await refused(await fromHash(ben, `${hash}`), 404, 'blob_not_found');
  const own = await upload(ben, bytes, 'private.png');
  expect(own).toMatchObject({ hash, created_new: true });
  expect(own.id).not.toBe(id);
});

test('an upload can be taken away, and its name is free again', async () => {
  const { id, hash } = await upload(anna, await newPicture(), 'away.png');
  expect((await ask(anna, `/${id}`, { method: 'DELETE' })).status).toBe(204);
  await refused(await ask(anna, `/${id}`), 404, 'not_found');
  await refused(await ask(anna, `/${id}`, { method: 'DELETE' }), 404, 'not_found');
  expect((await ask(anna, `/by-hash/${hash}`, { method: 'HEAD' })).status).toBe(404);
});

test('a token that may only read sends nothing', async () => {
  const { token } = await anna.person.api.session.createToken.mutate({ name: 'reader', scope: 'read' });
  const reader = { ...anna, token };
  await refused(await send(reader, await newPicture()), 403, 'forbidden');
  await refused(await fromHash(reader, await hashOf(await newPicture())), 403, 'forbidden');
  const { id } = await upload(anna, await newPicture());
  expect((await ask(reader, `/${id}`)).status).toBe(200);
  await refused(await ask(reader, `/${id}`, { method: 'DELETE' }), 403, 'forbidden');
});

describe('a result', () => {
  const hashed = (id: string) =>
    until('the hash of this result', async () => {
      const asset = await assetOf(await ask(anna, `/${id}`), 200);
      return asset.hash === null ? null : { ...asset, hash: asset.hash };
    });

  test('is an asset, with a hash some time after it was asked for; taking an upload over it away leaves it', async () => {
    const job = await finished(anna, picture({ prefix: 'shots/boat' }));
    const [result] = job.results;
    const bytes = Buffer.from(await (await anna.person.fetch(result?.url ?? '')).arrayBuffer());
    const asset = await hashed(result?.id ?? '');
    expect(asset).toMatchObject({
      id: result?.id,
      hash: await hashOf(bytes),
      size_bytes: bytes.length,
      content_type: 'image/png',
      file_path: 'shots/boat_00001_.png',
      job_id: job.id,
    });
    const part = await ask(anna, `/${asset.id}/content`, { headers: { range: 'bytes=-8' } });
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(-8))).toBe(true);
    await refused(await ask(ben, `/${asset.id}`), 404, 'not_found');
    expect((await ask(ben, `/by-hash/${asset.hash}`, { method: 'HEAD' })).status).toBe(404);

    expect(await assetOf(await ask(anna, `/by-hash/${asset.hash}`), 200)).toMatchObject({ id: asset.id });
    const copy = await assetOf(await fromHash(anna, asset.hash, 'again.png'), 201);
    expect(copy).toMatchObject({ hash: asset.hash, file_path: 'again.png', job_id: null });
    expect((await ask(anna, `/${copy.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(anna, `/${asset.id}`)).status).toBe(200);
  });

  test('that is taken away is in the trash', async () => {
    const { results } = await finished(anna, picture({ prefix: 'unwanted' }));
    const id = results[0]?.id ?? '';
    expect((await ask(anna, `/${id}`, { method: 'DELETE' })).status).toBe(204);
    await refused(await ask(anna, `/${id}`), 404, 'not_found');
    const { items } = await anna.person.api.results.list.query({ removed: true });
    expect(items.map((item) => item.id)).toContain(id);
  });

  test('of a preview node is none', async () => {
    const shown = { class_type: 'PreviewImage', inputs: { images: ['2', 0] } };
    const job = await finished(anna, { ...picture(), '12': shown });
    const [preview] = job.previews;
    expect(preview).toBeDefined();
    await refused(await ask(anna, `/${preview?.id}`), 404, 'not_found');
    await refused(await ask(anna, `/${preview?.id}/content`), 404, 'not_found');
  });
});

describe('a graph that refers to assets', () => {
  const loading = (...ids: string[]) =>
    Object.fromEntries(
      ids.flatMap((id, at) => [
        [`load${at}`, { class_type: 'LoadImage', inputs: { image: { __type: 'core/ASSET', info: { id } } } }],
        [`save${at}`, { class_type: 'SaveImage', inputs: { images: [`load${at}`, 0], filename_prefix: `of${at}` } }],
      ]),
    );

  const submit = (workflow: unknown): Promise<Response> =>
    fetch(`${product.url}/api/v2/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${anna.token}` },
      body: JSON.stringify({ workflow }),
    });
  async function rendering(workflow: unknown) {
    const response = await submit(workflow);
    const { id } = apiJob.parse(await response.json());
    return until('the end of this job', async () => {
      const job = apiJob.parse(
        await (
          await fetch(`${product.url}/api/v2/jobs/${id}`, { headers: { authorization: `Bearer ${anna.token}` } })
        ).json(),
      );
      expect(job.error).toBeNull();
      return job.status === 'succeeded' && job;
    });
  }

  test('is rendered with an upload and with a result', async () => {
    const photo = await newPicture();
    const { id } = await upload(anna, photo, 'loaded.png');
    const [result] = (await finished(anna, picture())).results;
    const rendered = Buffer.from(await (await anna.person.fetch(result?.url ?? '')).arrayBuffer());
    const { outputs } = await rendering(loading(id, result?.id ?? ''));
    const files = new Map(
      await Promise.all(
        outputs.map(
          async (output) =>
            [output.node_id, Buffer.from(await (await ask(anna, `/${output.id}/content`)).arrayBuffer())] as const,
        ),
      ),
    );
    for (const [node, source] of [
      ['save0', photo],
      ['save1', rendered],
    ] as const)
      expect((await pixels(files.get(node)!)).equals(await pixels(source))).toBe(true);
  });

  test('of which some are not the sender’s: all of these are named', async () => {
    const own = await upload(anna, await newPicture());
    const others = await upload(ben, await newPicture());
    const response = await submit(loading(own.id, others.id, 'none'));
    const { message, details } = await refused(response, 422, 'missing_asset');
    expect(message).toBe(
      `Node load1, image: You have no asset ${others.id}. Node load2, image: You have no asset none.`,
    );
    const fault = (asset_id: string) => [
      { field: 'image', reason: 'missing_asset', message: `You have no asset ${asset_id}.`, asset_id },
    ];
    expect(details).toEqual({ node_errors: { load1: fault(others.id), load2: fault('none') } });
  });
});

describe('what is refused, in the envelope', () => {
  test('no file, and none that a workflow can load', async () => {
    const form = new FormData();
    form.append('file_path', 'photo.png');
    await refused(await ask(anna, '', { method: 'POST', body: form }), 422, 'invalid_request');
    await refused(await send(anna, Buffer.from('only words'), {}, 'notes.txt'), 422, 'invalid_request');
    await refused(await ask(anna, '/from-hash', { method: 'POST', body: '{' }), 422, 'invalid_request');
    await refused(await fromHash(anna, 'sha256:0'), 422, 'invalid_request');
  });

  test('no room', async () => {
    isFull = true;
    try {
      const response = await send(anna, await newPicture());
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      await refused(response, 503, 'unavailable');
    } finally {
      isFull = false;
    }
  });

  test('too large a file, and the same connection goes on', async () => {
    await product.operator.api.admin.settings.change.mutate({ inputLimitBytes: 1_000_000 });
    const before = await stored();
    await refused(await send(anna, Buffer.alloc(3_000_000), {}, 'film.mp4'), 413, 'too_large');
    expect(await stored()).toEqual(before);
    await upload(anna, await newPicture(), 'small.png');
  });
});
