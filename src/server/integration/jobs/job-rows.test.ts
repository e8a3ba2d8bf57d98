import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { handWorker } from '../faults/hand-worker.testing.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const PROMPT = `  a lighthouse\n in fog, ${'seen from the sea '.repeat(20)}`;

/** Words that nothing draws, and an upload that is saved again. */
const asking = (image: string): Graph => ({
  '1': { class_type: 'LoadImage', inputs: { image } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'asked' } },
  '3': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' } },
  '4': { class_type: 'CLIPTextEncode', inputs: { clip: ['3', 1], text: PROMPT } },
  '5': { class_type: 'CLIPTextEncode', inputs: { clip: ['3', 1], text: 'blurry' } },
  '6': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
  '7': {
    class_type: 'KSampler',
    inputs: {
      model: ['3', 0],
      positive: ['4', 0],
      negative: ['5', 0],
      latent_image: ['6', 0],
      seed: 1,
      steps: 1,
      cfg: 7,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
    },
  },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['7', 0], vae: ['3', 2] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 'asked' } },
});

describe('what a row of a job’s shows', { timeout: 30_000 }, () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  beforeAll(async () => {
    product = await productUnderTest();
    anna = await product.participant('Anna');
  }, 60_000);
  afterAll(() => product.stop());
  const endOf = (id: string) =>
    until('the end of the job', async () => {
      const job = await anna.api.jobs.get.query({ id });
      return job.endedAt !== null && job;
    });

  test('the beginning of its prompt and the picture that it loads: at once, in lists, and when it is run again', async () => {
    const form = new FormData();
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    form.append('file', new Blob([new Uint8Array(bytes)]), 'face.png');
    expect((await anna.fetch('/api/inputs', { method: 'POST', body: form })).status).toBe(200);
    const [input] = (await anna.api.inputs.list.query()).items;
    const shown = {
      promptSnippet: expect.stringMatching(/^a lighthouse in fog, seen from .{90,119}…$/),
      input: { id: input?.id },
    };
    const placed = await anna.api.jobs.submit.mutate({ title: 'Asked', prompt: asking('face.png') });
    expect(placed).toMatchObject(shown);
    expect((await anna.api.jobs.list.query()).items).toMatchObject([shown]);
    expect(await endOf(placed.id)).toMatchObject({ ...shown, status: 'completed', canRetry: true });
    const again = await anna.api.jobs.retry.mutate({ id: placed.id });
    expect(again).toMatchObject(shown);
    await endOf(again.id);

    await anna.api.inputs.remove.mutate({ ids: [input?.id ?? ''] });
    for (const job of (await anna.api.jobs.list.query()).items) expect(job.input).toBeNull();
  });

  test('nothing where there is no prompt and no upload', async () => {
    const placed = await anna.api.jobs.submit.mutate({ title: 'Bare', prompt: picture() });
    expect(placed).toMatchObject({ promptSnippet: null, input: null });
    await endOf(placed.id);
  });

  test('lists find a job by words of its title', async () => {
    const found = async (words: string) => (await anna.api.jobs.list.query({ words })).items.map(({ title }) => title);
    expect(await found(' bAR ')).toEqual(['Bare']);
    expect(await found('')).toHaveLength(3);
  });

  test('rejected by one endpoint: it may run again while another is enabled, and goes there; not once all have rejected it', async () => {
    const { endpoints } = product.operator.api.admin;
    const hand = await handWorker(product.folders.outputs);
    const [gpus] = await endpoints.list.query();
    const refusing = await endpoints.upsert.mutate({ name: 'Refuses', url: hand.url, capacity: 9 });
    const only = async (enabled: string) => {
      for (const id of [gpus?.id ?? '', refusing.id])
        await endpoints.setEnabled.mutate({ id, enabled: id === enabled });
    };
    try {
      hand.say({ status: 400, text: JSON.stringify({ error: { message: 'No such model' }, node_errors: {} }) });
      await only(refusing.id);
      const { id } = await anna.api.jobs.submit.mutate({ title: 'Refused', prompt: picture() });
      expect(await endOf(id)).toMatchObject({ reason: 'rejected_by_worker', canRetry: false });
      await endpoints.setEnabled.mutate({ id: gpus?.id ?? '', enabled: true });
      expect(await anna.api.jobs.get.query({ id })).toMatchObject({ canRetry: true });
      const again = await anna.api.jobs.retry.mutate({ id });
      expect(await endOf(again.id)).toMatchObject({ status: 'completed' });

      const everywhere = { ...picture(), '3': { class_type: 'NoSuchNodeAnywhere', inputs: { image: ['1', 0] } } };
      const prompt = {
        ...everywhere,
        '9': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'x' } },
      };
      const first = await endOf((await anna.api.jobs.submit.mutate({ title: 'Everywhere', prompt })).id);
      expect(first).toMatchObject({ reason: 'rejected_by_worker', canRetry: true });
      const second = await endOf((await anna.api.jobs.retry.mutate({ id: first.id })).id);
      expect(second).toMatchObject({ reason: 'rejected_by_worker', canRetry: false });
      // The row of the first still offers what can only fail: who presses it sees that.
      await only(gpus?.id ?? '');
      expect((await anna.api.jobs.get.query({ id: second.id })).canRetry).toBe(false);
    } finally {
      await hand.stop();
    }
  });
});
