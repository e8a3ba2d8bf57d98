import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { refusal, type Visitor } from '../testing/visitor.ts';

/** A picture that nobody has yet. */
const newPicture = (width = 640, height = 480): Promise<Buffer> =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

function silence(): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + 800, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(800, 40);
  return Buffer.concat([head, randomBytes(800)]);
}

async function upload(who: Visitor, bytes: Uint8Array, name: string, query = ''): Promise<string> {
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(bytes)]), name);
  const response = await who.fetch(`/api/inputs${query}`, { method: 'POST', body });
  return z.object({ name: z.string() }).parse(await response.json()).name;
}

describe('uploads', { timeout: 60_000 }, () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;
  const uploadOf = async (who: Visitor, name: string) => {
    const found = (await who.api.inputs.list.query()).items.find((one) => one.name === name);
    if (!found) throw new Error(`no upload ${name}`);
    return found;
  };
  const thumbs = (): Promise<string[]> => readdir(join(product.folders.data, 'thumbs/inputs'));

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 1 } });
    const [first, second] = await product.participants(['Anna', 'Ben']);
    if (!first || !second) throw new Error('two participants');
    [anna, ben] = [first, second];
  }, 60_000);
  afterAll(() => product.stop());

  test('an upload is served whole and in parts, as what it is, and can do nothing', async () => {
    const photo = await newPicture();
    const { url } = await uploadOf(anna, await upload(anna, photo, 'sub/Füße "1".png'));
    const whole = await anna.fetch(url);
    expect(Buffer.from(await whole.arrayBuffer()).equals(photo)).toBe(true);
    const headers = Object.fromEntries(whole.headers);
    expect([whole.status, headers]).toMatchObject([
      200,
      {
        'content-type': 'image/png',
        'content-length': String(photo.length),
        'accept-ranges': 'bytes',
        'cache-control': 'private, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      },
    ]);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect(headers['content-disposition']).toMatch(/^inline; .*F%C3%BC%C3%9Fe%20_?/);
    expect((await anna.fetch(`${url}?download=1`)).headers.get('content-disposition')).toMatch(/^attachment; /);
    const part = await anna.fetch(url, { headers: { range: 'bytes=10-19' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${photo.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(photo.subarray(10, 20))).toBe(true);
    const etag = headers.etag ?? '';
    const again = { range: 'bytes=0-1', 'if-range': '"other"' };
    expect((await anna.fetch(url, { headers: again })).status).toBe(200);
    expect((await anna.fetch(url, { headers: { ...again, 'if-range': etag } })).status).toBe(206);
    const head = await anna.fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(photo.length)]);
    expect((await anna.fetch(url, { headers: { range: `bytes=${photo.length}-` } })).status).toBe(416);
    expect((await anna.fetch(url, { method: 'DELETE' })).status).toBe(405);
  });

  test('a picture has a thumbnail, once for the same bytes; a sound has none', async () => {
    const photo = await newPicture(2000, 1000);
    const before = (await thumbs()).length;
    const mine = await uploadOf(anna, await upload(anna, photo, 'wide.png'));
    const bens = await uploadOf(ben, await upload(ben, photo, 'the same.png'));
    for (const [who, { thumbUrl }] of [
      [anna, mine],
      [ben, bens],
    ] as const) {
      const response = await who.fetch(thumbUrl ?? '');
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
      const { width = 0, height = 0 } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
      expect([width < 1000, width / height]).toEqual([true, 2]);
    }
    expect((await thumbs()).length).toBe(before + 1);
    const sound = await uploadOf(anna, await upload(anna, silence(), 'quiet.wav'));
    expect(sound).toMatchObject({ kind: 'audio', thumbUrl: null });
    expect((await anna.fetch(`${sound.url}/thumb`)).status).toBe(404);
    expect((await anna.api.inputs.list.query({ kind: 'audio' })).items.map(({ name }) => name)).toEqual(['quiet.wav']);
  });

  test('what somebody else uploaded is nothing to others, and operators may look', async () => {
    const { url, thumbUrl } = await uploadOf(anna, await upload(anna, await newPicture(), 'private.png'));
    for (const path of [url, `${url}?download=1`, thumbUrl ?? '']) {
      const made = await ben.fetch(path.replace(/[0-9a-f-]{36}/, randomUUID()));
      const said = await ben.fetch(path);
      expect([said.status, await said.text()]).toEqual([404, await made.text()]);
      expect([made.status, said.headers.get('cache-control')]).toEqual([404, 'no-store']);
      expect((await product.visitor().fetch(path)).status).toBe(401);
      expect((await product.operator.fetch(path)).status).toBe(200);
    }
    for (const more of ['/x', '/thumb/x', '/clean', '/proxy'])
      expect((await anna.fetch(`${url}${more}`)).status).toBe(404);
  });

  test('one whose file vanished from the share says so', async () => {
    const { url, thumbUrl } = await uploadOf(anna, await upload(anna, await newPicture(), 'gone.png'));
    const inputs = join(product.folders.sfs, 'inputs');
    for (const file of await readdir(inputs)) await rm(join(inputs, file), { recursive: true });
    for (const path of [url, thumbUrl ?? '']) {
      const response = await anna.fetch(path);
      expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('Upload it again.')]);
    }
  });

  const finished = async (who: Visitor, prompt: Graph) => {
    const { id } = await who.api.jobs.submit.mutate({ prompt });
    const job = await until('the end of the job', async () => {
      const now = await who.api.jobs.get.query({ id });
      return now.endedAt !== null && now;
    });
    expect([job.status, job.message]).toEqual(['completed', null]);
    return job;
  };
  const pixels = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).removeAlpha().raw().toBuffer();
  const pixelsAt = async (who: Visitor, url: string): Promise<Buffer> =>
    pixels(Buffer.from(await (await who.fetch(url)).arrayBuffer()));
  const loading = (image: string, prefix = 'loaded'): Graph => ({
    '1': { class_type: 'LoadImage', inputs: { image } },
    '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: prefix } },
  });

  test('a result becomes an upload without being sent again, and is what a GPU loads', async () => {
    const [result] = (await finished(anna, picture({ prefix: 'shots/boat' }))).results;
    const made = await anna.api.inputs.addResult.mutate({ resultId: result?.id ?? '' });
    expect(made).toMatchObject({ name: 'boat 00001.png', kind: 'image', bytes: result?.bytes, usedBy: 0 });
    expect(await anna.api.inputs.addResult.mutate({ resultId: result?.id ?? '' })).toEqual(made);
    const [copy] = (await finished(anna, loading(made.name))).results;
    expect((await pixelsAt(anna, copy?.url ?? '')).equals(await pixelsAt(anna, result?.url ?? ''))).toBe(true);
    for (const who of [ben, product.operator])
      expect((await refusal(who.api.inputs.addResult.mutate({ resultId: result?.id ?? '' }))).appError).toBe(
        'not_found',
      );
  });

  test('limits are those of uploads', async () => {
    const [result] = (await finished(ben, picture())).results;
    const add = () => refusal(ben.api.inputs.addResult.mutate({ resultId: result?.id ?? '' }));
    const change = product.operator.api.admin.settings.change;
    const { inputLimitBytes, inputBytesPerParticipant } = await product.operator.api.admin.settings.get.query();
    await change.mutate({ inputLimitBytes: 1_000_000 });
    const [large] = (await finished(ben, picture({ width: 1024, height: 1024 }))).results;
    expect(large?.bytes).toBeGreaterThan(1_000_000);
    expect(await refusal(ben.api.inputs.addResult.mutate({ resultId: large?.id ?? '' }))).toMatchObject({
      appError: 'too_large',
      message: expect.stringContaining('is too large: a file may have at most 1.0 MB'),
    });
    await change.mutate({ inputLimitBytes, inputBytesPerParticipant: 1_000_000 });
    expect(await add()).toMatchObject({ appError: 'too_large', message: expect.stringContaining('under Inputs') });
    await change.mutate({ inputBytesPerParticipant });
  });

  test('how many jobs use it is known, and their results are found by it', async () => {
    const [used, unused] = [await newPicture(), await newPicture()];
    for (const [bytes, name] of [
      [used, 'used.png'],
      [unused, 'unused.png'],
    ] as const)
      await upload(anna, bytes, name);
    const job = await finished(anna, loading('used.png [input]'));
    const { id, ...shown } = await uploadOf(anna, 'used.png');
    expect(shown).toMatchObject({ usedBy: 1, usedByAlive: 0 });
    expect(await uploadOf(anna, 'unused.png')).toMatchObject({ usedBy: 0 });
    const found = (await anna.api.results.list.query({ inputId: id })).items;
    expect(found.map(({ jobId }) => jobId)).toEqual([job.id]);
    expect((await ben.api.results.list.query({ inputId: id })).items).toEqual([]);
    const names = async (words: string) => (await anna.api.inputs.list.query({ words })).items.map(({ name }) => name);
    expect(await names('used')).toEqual(['unused.png', 'used.png']);
    expect(await names('un USED')).toEqual(['unused.png']);
  });

  test('where a picture can be used: one’s own jobs, each workflow once, and what is offered to the class', async () => {
    const name = await upload(ben, await newPicture(), 'plate.png');
    for (const _ of [1, 2]) await ben.api.jobs.submit.mutate({ prompt: loading(name), title: 'Copy it' });
    await ben.api.jobs.submit.mutate({ prompt: picture(), title: 'No place' });
    const { add } = product.operator.api.admin.workflows;
    const { id } = await add.mutate({ name: 'Class copy', workflow: { nodes: [] }, prompt: loading('x.png') });
    await add.mutate({ name: 'Class noise', workflow: { nodes: [] }, prompt: picture() });
    const { jobs, workflows } = await ben.api.inputs.places.query({ kind: 'image' });
    expect([jobs.map(({ title }) => title), workflows]).toEqual([['Copy it'], [{ id, name: 'Class copy' }]]);
    expect(await ben.api.inputs.places.query({ kind: 'video' })).toEqual({ jobs: [], workflows: [] });
    expect((await anna.api.inputs.places.query({ kind: 'image' })).jobs.map(({ title }) => title)).not.toContain(
      'Copy it',
    );
  });

  test('replaced, it has the same name; jobs that waited keep what they were submitted with, also when it is deleted', async () => {
    const [before, after] = [await newPicture(), await newPicture()];
    const name = await upload(anna, before, 'swap.png');
    const old = await uploadOf(anna, name);
    await product.operator.api.admin.queue.pause.mutate({});
    const waiting = await anna.api.jobs.submit.mutate({ prompt: loading(name, 'waited') });
    expect(await uploadOf(anna, name)).toMatchObject({ usedBy: 1, usedByAlive: 1 });
    expect(await upload(anna, after, 'another name.png', `?replace=${old.id}`)).toBe(name);
    const now = await uploadOf(anna, name);
    expect([now.id === old.id, now.usedBy]).toEqual([false, 0]);
    const later = await anna.api.jobs.submit.mutate({ prompt: loading(name, 'later') });
    await anna.api.inputs.remove.mutate({ ids: [now.id] });
    await product.operator.api.admin.queue.resume.mutate();
    for (const [{ id }, bytes] of [
      [waiting, before],
      [later, after],
    ] as const) {
      const { results } = await until('the end of the job', async () => {
        const job = await anna.api.jobs.get.query({ id });
        return job.status === 'completed' && job;
      });
      expect((await pixelsAt(anna, results[0]?.url ?? '')).equals(await pixels(bytes))).toBe(true);
    }
    expect((await anna.fetch(old.url)).status).toBe(404);
  });

  test('it is replaced by one of its kind, and by its owner only', async () => {
    const { id } = await uploadOf(anna, await upload(anna, await newPicture(), 'kept.png'));
    const replaced = async (who: Visitor, bytes: Buffer, name: string) => {
      const body = new FormData();
      body.append('file', new Blob([new Uint8Array(bytes)]), name);
      const response = await who.fetch(`/api/inputs?replace=${id}`, { method: 'POST', body });
      return [response.status, (await response.json()).error?.message];
    };
    expect(await replaced(anna, silence(), 'a.wav')).toEqual([
      400,
      '“kept.png” can only be replaced with a file of the same kind. Upload this one beside it.',
    ]);
    expect(await replaced(ben, await newPicture(), 'a.png')).toEqual([404, 'Upload not found.']);
    expect((await uploadOf(anna, 'kept.png')).id).toBe(id);
  });

  test('a kind that there is not is refused', async () => {
    const asked = await anna.fetch(`/api/trpc/inputs.list?input=${encodeURIComponent('{"kind":"model"}')}`);
    expect(asked.status).toBe(400);
    await refusal(anna.api.inputs.remove.mutate({ ids: [randomUUID()] }));
  });

  test('nothing went wrong meanwhile', () => expect(product.wentWrong()).toEqual([]));
});
