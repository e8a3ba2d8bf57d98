import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comfy } from '@comfyorg/sdk';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiV2Program } from '../testing/api-v2-program.ts';
import { comfySdk } from '../testing/comfy-sdk.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

let product: ProductUnderTest;
let comfy: Comfy;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comfyume-sdk-'));
  product = await productUnderTest({ config: { pollMs: 100 } });
  const { token } = await apiV2Program(product, await product.participant('Ada'));
  comfy = comfySdk(product.url, token);
});
afterAll(async () => {
  await product.stop();
  await rm(folder, { recursive: true, force: true });
});

const newPicture = (): Promise<Buffer> =>
  sharp(randomBytes(24 * 16 * 3), { raw: { width: 24, height: 16, channels: 3 } })
    .png()
    .toBuffer();
const pixels = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).removeAlpha().raw().toBuffer();
function loading(image: unknown) {
  const workflow = comfy.workflows.fromJson({
    '1': { class_type: 'LoadImage', inputs: { image: 'to be set' } },
    '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'loaded' } },
  });
  workflow.setInput('1', 'image', image);
  return workflow;
}

test('a file is uploaded once, rendered, and its output is downloaded whole and in part', async () => {
  const photo = await newPicture();
  const path = join(folder, 'photo.png');
  await writeFile(path, photo);
  const asset = comfy.assets.fromFile(path);
  const job = await comfy.run(loading(asset));
  expect([job.status, asset.createdNew]).toEqual(['succeeded', true]);
  const output = job.getOutputs('2')[0]!;
  const whole = await output.toBytes();
  expect((await pixels(whole)).equals(await pixels(photo))).toBe(true);
  expect(whole).toHaveLength(output.sizeBytes);
  expect(Buffer.from(await output.toBytes({ range: [0, 7] })).equals(whole.subarray(0, 8))).toBe(true);
  const copy = await output.toFile(join(folder, 'copy.png'));
  expect((await readFile(copy)).equals(whole)).toBe(true);
  expect((await output.getDownloadUrl()).url).toBe(`${product.url}/api/v2/assets/${output.id}/content`);

  const again = comfy.assets.fromFile(path);
  expect([await again.commit(), again.createdNew]).toEqual([asset.id, false]);
});

test('an output is the input of the next job, by its id or by its bytes', async () => {
  const first = await comfy.run(comfy.workflows.fromJson(picture()));
  const output = first.getOutputs('9')[0]!;
  const asset = await comfy.assets.get(output.id);
  expect([asset.jobId, asset.filePath]).toEqual([first.id, output.name]);
  const source = await output.toBytes();
  const next = await comfy.run(loading(asset));
  expect((await pixels(await next.getOutputs('2')[0]!.toBytes())).equals(await pixels(source))).toBe(true);

  await until('the hash of the output', async () => (await (await comfy.assets.get(output.id)).hash()) !== '');
  const same = comfy.assets.fromBytes(source, { filename: 'same.png' });
  await same.commit();
  expect(same.createdNew).toBe(false);
  await same.delete();
  expect((await comfy.assets.get(output.id)).id).toBe(output.id);
});

test('what is gone or was never there is a typed error', async () => {
  const asset = comfy.assets.fromBytes(await newPicture(), { filename: 'gone.png' });
  const id = await asset.commit();
  await comfy.assets.delete(id);
  await expect(comfy.assets.get(id)).rejects.toMatchObject({ name: 'NotFound' });
  const lost = { __type: 'core/ASSET', info: { id } };
  await expect(comfy.submit(loading(lost))).rejects.toMatchObject({ code: 'missing_asset' });
});
