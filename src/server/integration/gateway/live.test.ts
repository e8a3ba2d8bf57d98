import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ComfyuiProgram, programOf } from '../testing/comfyui-program.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

let product: ProductUnderTest;
let program: ComfyuiProgram;
beforeAll(async () => {
  product = await productUnderTest({
    fleet: { version: '0.33.0', replicas: 1, pace: 1, previews: true },
    config: { comfyuiPort: 0 },
  });
  program = await programOf(product, await product.participant('Ada'));
  await product.fleet().control.setFaults({ slowByMs: 50 });
});
afterAll(() => product.stop());

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const sampler = { steps: 8, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 1 };
const sampled = (seed: number) => ({
  4: node('CheckpointLoaderSimple', { ckpt_name: 'v1-5-pruned-emaonly-fp16.safetensors' }),
  5: node('EmptyLatentImage', { width: 64, height: 64, batch_size: 1 }),
  6: node('CLIPTextEncode', { text: 'a boat', clip: ['4', 1] }),
  3: node('KSampler', {
    ...sampler,
    seed,
    model: ['4', 0],
    positive: ['6', 0],
    negative: ['6', 0],
    latent_image: ['5', 0],
  }),
  8: node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
  9: node('SaveImage', { filename_prefix: 'boat', images: ['8', 0] }),
});

test('steps and previews are told as they are heard, with metadata to whom asked for it', {
  timeout: 90_000,
}, async () => {
  const page = await program.listen('page');
  page.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));
  await page.heard('feature_flags');
  const other = await program.listen('other');
  const first = await program.run(sampled(1), { client_id: 'page' });
  const preview = await until('a preview', () => page.frames[0]);
  const length = preview.readUInt32BE(4);
  expect(preview.readUInt32BE(0)).toBe(4);
  expect(JSON.parse(preview.toString('utf8', 8, 8 + length))).toEqual({
    node_id: '3',
    prompt_id: first.prompt_id,
    display_node_id: '3',
    parent_node_id: null,
    real_node_id: '3',
    image_type: expect.stringMatching(/^image\//),
  });
  await page.heard('executing null');
  expect(page.of(first.prompt_id)).toEqual(expect.arrayContaining(['executing 3', 'progress 3', 'progress_state']));
  const second = await program.run(sampled(2), { client_id: 'other' });
  const frame = await until('a preview', () => other.frames[0]);
  expect([frame.readUInt32BE(0), [1, 2].includes(frame.readUInt32BE(4))]).toEqual([1, true]);
  await other.heard('executing null');
  expect(other.of(second.prompt_id).filter((name) => name === 'executed 9')).toHaveLength(1);
  const progress = other.messages.filter(({ type }) => type === 'progress').map(({ data }) => data);
  expect(progress.length).toBeGreaterThan(0);
  for (const step of progress) expect(step).toMatchObject({ node: '3', max: 8, prompt_id: second.prompt_id });
  await Promise.all([page.close(), other.close()]);
  expect(product.wentWrong()).toEqual([]);
});
