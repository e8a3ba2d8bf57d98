import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JobView } from '#src/api/views.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { comfyuiOf } from '../testing/tab-of.ts';
import { until } from '../testing/until.ts';
import type { Visitor } from '../testing/visitor.ts';

const WIDTH = 12;
const HEIGHT = 8;
const rgb = (): Promise<Buffer> =>
  sharp(randomBytes(WIDTH * HEIGHT * 3), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
const rgba = (bytes = randomBytes(WIDTH * HEIGHT * 4)): Promise<Buffer> =>
  sharp(bytes, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
    .png()
    .toBuffer();
const colours = (file: Uint8Array): Promise<Buffer> => sharp(file).removeAlpha().raw().toBuffer();
const alpha = (file: Uint8Array): Promise<Buffer> => sharp(file).ensureAlpha().extractChannel(3).raw().toBuffer();

const post = async (
  who: Visitor,
  path: string,
  file: Uint8Array,
  name: string,
  fields: Record<string, string> = {},
) => {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(file)]), name);
  // After the file, as ComfyUI's page sends them.
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  const response = await who.fetch(path, { method: 'POST', body: form });
  return { status: response.status, body: await response.json() };
};
const upload = (...[who, file, name, fields]: [Visitor, Uint8Array, string, Record<string, string>?]) =>
  post(who, '/api/upload/image', file, name, fields);
const view = (who: Visitor, query: Record<string, string>, init?: RequestInit) =>
  who.fetch(`/api/view?${new URLSearchParams(query)}`, init);
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

let product: ProductUnderTest;
let ada: TestPerson;
let comfy: Visitor;
let bens: Visitor;

beforeAll(async () => {
  product = await productUnderTest({ config: { comfyuiPort: 0 } });
  const [first, second] = await product.participants(['Ada', 'Ben']);
  ada = first!;
  comfy = await comfyuiOf(product, ada);
  bens = await comfyuiOf(product, second!);
});
afterAll(() => product.stop());

async function run(prompt: Graph): Promise<JobView> {
  const { id } = await ada.api.jobs.submit.mutate({ prompt });
  return until('the end of the job', async () => {
    const job = await ada.api.jobs.get.query({ id });
    return job.endedAt !== null && job;
  });
}

describe('uploads', () => {
  test('the same bytes keep their name, others get a number, and one may be overwritten', async () => {
    const [one, other] = [await rgb(), await rgb()];
    const first = { status: 200, body: { name: 'a.png', subfolder: '', type: 'input' } };
    expect(await upload(comfy, one, 'a.png')).toEqual(first);
    expect(await upload(comfy, one, 'a.png', { type: 'input' })).toEqual(first);
    expect((await upload(comfy, other, 'a.png')).body.name).toBe('a (1).png');
    expect(await upload(comfy, other, 'a.png', { overwrite: 'true' })).toEqual(first);
    expect(await bytesOf(await view(comfy, { filename: 'a.png', type: 'input' }))).toEqual(other);
    expect((await upload(bens, one, 'a.png')).body.name).toBe('a.png');
  });

  test('subfolders work in the graph, whichever way the page writes them', async () => {
    const photo = await rgb();
    const { body } = await upload(comfy, photo, 'drawn.png', { subfolder: 'clipspace' });
    expect(body).toEqual({ name: 'drawn.png', subfolder: 'clipspace', type: 'input' });
    await upload(comfy, photo, 'painted.png', { subfolder: 'painter', type: 'temp' });
    for (const image of ['clipspace/drawn.png', 'clipspace/drawn.png [input]', 'painter/painted.png [temp]']) {
      const job = await run({
        '1': { class_type: 'LoadImage', inputs: { image } },
        '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'loaded' } },
      });
      expect([image, job.status]).toEqual([image, 'completed']);
      const file = await bytesOf(await ada.fetch(job.results[0]?.url ?? ''));
      expect((await colours(file)).equals(await colours(photo))).toBe(true);
    }
  });

  test('sounds too, and a part of one is enough to play on from there', async () => {
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
    const { status, body } = await upload(comfy, Buffer.concat([head, Buffer.alloc(800, 128)]), 'beep.wav');
    expect([status, body.name]).toEqual([200, 'beep.wav']);
    const part = await view(comfy, { filename: 'beep.wav', type: 'input' }, { headers: { range: 'bytes=40-43' } });
    expect([part.status, part.headers.get('content-type'), part.headers.get('content-range')]).toEqual([
      206,
      'audio/wav',
      'bytes 40-43/844',
    ]);
    expect(await (await comfy.fetch('/internal/files/input')).json()).toContain('beep.wav [input]');
  });

  test.each([
    ['a.png', { subfolder: '../other' }, 400, 'subfolder'],
    ['a.svg', {}, 400, 'SVG'],
  ])('%s is refused with %o', async (name, fields, status, words) => {
    const bytes = name.endsWith('svg') ? Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') : await rgb();
    const answer = await upload(comfy, bytes, name, fields);
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(words)]);
  });

  test('a form without a picture, and one that is none', async () => {
    const form = new FormData();
    form.append('image', 'no file');
    expect((await comfy.fetch('/upload/image', { method: 'POST', body: form })).status).toBe(400);
    expect((await comfy.fetch('/upload/image', { method: 'POST', body: '{}' })).status).toBe(400);
  });
});

describe('the mask editor', () => {
  test.each(['original_ref', 'originalRef'])(
    'has the original’s colours and the new transparency (%s)',
    async (field) => {
      const [original, mask] = [await rgba(), await rgba()];
      await upload(comfy, original, `${field}.png`, { subfolder: 'photos' });
      const ref = JSON.stringify({ filename: `${field}.png`, subfolder: 'photos', type: 'input' });
      const saved = await post(comfy, '/api/upload/mask', mask, 'clipspace-mask-1.png', {
        [field]: ref,
        type: 'input',
        subfolder: `clipspace-${field}`,
      });
      expect(saved.body).toEqual({ name: 'clipspace-mask-1.png', subfolder: `clipspace-${field}`, type: 'input' });
      const file = { filename: saved.body.name, subfolder: saved.body.subfolder, type: 'input' };
      const made = await bytesOf(await view(comfy, file));
      expect((await colours(made)).equals(await colours(original))).toBe(true);
      expect((await alpha(made)).equals(await alpha(mask))).toBe(true);

      const shown = await bytesOf(await view(comfy, { ...file, channel: 'rgb' }));
      expect((await sharp(shown).metadata()).channels).toBe(3);
      expect((await colours(shown)).equals(await colours(original))).toBe(true);
      const channel = await bytesOf(await view(comfy, { ...file, channel: 'a' }));
      expect((await alpha(channel)).equals(await alpha(mask))).toBe(true);
    },
  );

  test('another person’s picture does not exist, a mask of another size does not fit, and it has to be said which', async () => {
    const photo = await rgb();
    await upload(comfy, photo, 'private.png');
    const ref = { original_ref: JSON.stringify({ filename: 'private.png', type: 'input' }) };
    expect((await post(bens, '/upload/mask', await rgba(), 'm.png', ref)).status).toBe(404);
    const small = await sharp(await rgba())
      .resize(4, 4)
      .png()
      .toBuffer();
    const refused = await post(comfy, '/upload/mask', small, 'm.png', ref);
    expect([refused.status, refused.body.error.message]).toEqual([400, expect.stringContaining('4 × 4')]);
    expect((await post(comfy, '/upload/mask', small, 'm.png')).status).toBe(400);
  });
});

describe('what is shown', () => {
  test('results and previews, of their owner only; a range, an ETag, HEAD', async () => {
    const graph = picture({ prefix: 'night/shot' });
    const job = await run({ ...graph, '12': { class_type: 'PreviewImage', inputs: { images: ['2', 0] } } });
    const [result] = job.results;
    const { length, [length - 1]: filename = '' } = (result?.filename ?? '').split('/');
    const query = { filename, subfolder: 'night', type: 'output' };
    const whole = await view(comfy, query);
    const bytes = await bytesOf(whole);
    expect(bytes.length).toBe(result?.bytes);
    expect(whole.headers.get('content-security-policy')).toContain('sandbox');
    expect(whole.headers.get('content-disposition')).toContain('inline');
    const etag = whole.headers.get('etag') ?? '';
    expect((await view(comfy, query, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const part = await view(comfy, query, { headers: { range: 'bytes=0-9' } });
    expect([part.status, (await bytesOf(part)).equals(bytes.subarray(0, 10))]).toEqual([206, true]);
    const head = await view(comfy, query, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);

    const small = await view(comfy, { ...query, preview: 'webp;50' });
    expect(small.headers.get('content-type')).toBe('image/webp');
    expect((await sharp(await bytesOf(small)).metadata()).format).toBe('webp');
    const jpeg = await view(comfy, { ...query, preview: 'jpeg' });
    expect((await sharp(await bytesOf(jpeg)).metadata()).format).toBe('jpeg');

    const preview = job.previews[0]?.filename ?? '';
    expect((await view(comfy, { filename: preview, type: 'temp' })).status).toBe(200);
    expect((await view(comfy, { filename: preview, subfolder: '.previews', type: 'output' })).status).toBe(200);
    expect(await (await comfy.fetch('/internal/files/output')).json()).toContain(`night/${filename} [output]`);
    expect(await (await comfy.fetch('/internal/files/temp')).json()).toEqual([`${preview} [temp]`]);

    for (const asked of [
      query,
      { filename: preview, type: 'temp' },
      { type: 'output', filename: `Ada/night/${filename}` },
    ])
      expect((await view(bens, asked)).status).toBe(404);
    for (const folder of ['output', 'temp'])
      expect(await (await bens.fetch(`/internal/files/${folder}`)).json()).toEqual([]);

    // As the history names them.
    const named = z.record(z.string(), z.object({ images: z.array(z.record(z.string(), z.string())).optional() }));
    const history = await (await comfy.fetch(`/history/${job.id}`)).json();
    const files = Object.values(named.parse(history[job.id].outputs)).flatMap(({ images }) => images ?? []);
    expect(files.map(({ type }) => type).sort()).toEqual(['output', 'temp']);
    for (const one of files) {
      expect((await view(comfy, one)).status).toBe(200);
      expect((await view(bens, one)).status).toBe(404);
    }

    const again = await run({
      '1': { class_type: 'LoadImageOutput', inputs: { image: `night/${filename} [output]` } },
      '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'again' } },
    });
    const file = await bytesOf(await ada.fetch(again.results[0]?.url ?? ''));
    expect((await colours(file)).equals(await colours(bytes))).toBe(true);
  });

  test('what is on the share for everybody, and nothing else of it', async () => {
    const inputs = join(product.folders.sfs, 'inputs');
    await mkdir(join(inputs, 'class'), { recursive: true });
    await writeFile(join(inputs, 'class/plate.png'), await rgb());
    await writeFile(join(inputs, 'class/page.html'), '<script>1</script>');
    const shared = await view(bens, { filename: 'plate.png', subfolder: 'class', type: 'input' });
    expect([shared.status, shared.headers.get('content-type')]).toEqual([200, 'image/png']);
    const page = await view(bens, { filename: 'page.html', subfolder: 'class', type: 'input' });
    expect(page.headers.get('content-type')).toBe('application/octet-stream');
    expect(page.headers.get('content-disposition')).toContain('attachment');
    for (const filename of ['../outputs', '../../etc/passwd', '.incoming', '/etc/passwd', 'a\0b', 'x'.repeat(5000)])
      expect((await view(bens, { filename, type: 'input' })).status).toBe(404);
    expect(
      (await view(bens, { filename: 'page.html', subfolder: 'class', type: 'input', channel: 'rgb' })).status,
    ).toBe(400);
  });

  test('what ComfyUI’s page asks besides', async () => {
    expect(await (await comfy.fetch('/internal/logs/raw')).json()).toEqual({
      entries: [],
      size: { cols: 80, rows: 24 },
    });
    expect((await comfy.fetch('/internal/logs/subscribe', { method: 'PATCH', body: '{}' })).status).toBe(200);
    expect((await comfy.fetch('/internal/files/models')).status).toBe(400);
    for (const path of ['/api/assets', '/api/assets/1/content', '/api/tags']) {
      const answer = await comfy.fetch(path);
      expect([answer.status, (await answer.json()).error.code]).toEqual([503, 'SERVICE_DISABLED']);
    }
    expect((await comfy.fetch('/api/assets', { method: 'POST', body: '{}' })).status).toBe(503);
    expect((await comfy.fetch('/assets/index.js')).status).toBe(404);
    expect((await comfy.fetch('/users', { method: 'POST', body: '{}' })).status).toBe(403);
    expect(await (await comfy.fetch('/features')).json()).toMatchObject({
      assets: false,
      max_upload_size: 2_000_000_000,
    });
  });
});
