import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { refusal } from '../testing/visitor.ts';

const SEED = '18446744073709551615';
const prompt = {
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a lighthouse', clip: ['4', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
  '3': {
    class_type: 'KSampler',
    inputs: {
      seed: 5,
      steps: 2,
      cfg: 7,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 'still' } },
};
const workflow = {
  nodes: [
    { id: 3, type: 'KSampler', widgets_values: [5, 'randomize', 2, 7, 'euler', 'normal', 1] },
    { id: 6, type: 'CLIPTextEncode', widgets_values: ['a lighthouse'] },
  ],
};
const graph = z.object({
  prompt: z.object({
    '3': z.object({ inputs: z.object({ seed: z.union([z.number(), z.string()]) }) }),
    '6': z.object({ inputs: z.object({ text: z.string() }) }),
  }),
  workflow: z.object({ nodes: z.array(z.object({ id: z.number(), widgets_values: z.array(z.unknown()) })) }).nullable(),
});

describe('versions of a job', { timeout: 60_000 }, () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;
  let first: string;
  beforeAll(async () => {
    product = await productUnderTest();
    anna = await product.participant('Anna');
    ben = await product.participant('Ben');
    first = (await anna.api.jobs.submit.mutate({ prompt, workflow, title: 'Still' })).id;
  }, 60_000);
  afterAll(() => product.stop());

  const read = async (id: string) => graph.parse(await anna.api.jobs.graph.query({ id }));
  const seedOf = async (id: string) => (await read(id)).prompt['3'].inputs.seed;

  test('a change goes into the graph and into the editor’s workflow, and is told', async () => {
    const changes = [{ nodeId: '6', input: 'text', value: 'a gull' }];
    const [made] = await anna.api.jobs.vary.mutate({ id: first, changes });
    const id = made?.id ?? '';
    const { prompt: changed, workflow: editors } = await read(id);
    expect(changed['6'].inputs.text).toBe('a gull');
    expect(changed['3'].inputs.seed).toBe(5);
    expect(editors?.nodes.map(({ widgets_values }) => widgets_values[0])).toEqual([5, 'a gull']);
    const job = await anna.api.jobs.get.query({ id });
    expect(job).toMatchObject({ title: 'Still', familyId: first, changes: 'Prompt: “a gull”' });
    const [of] = await anna.api.jobs.vary.mutate({
      id,
      changes: [{ nodeId: '3', input: 'seed', value: SEED }],
    });
    expect(await anna.api.jobs.get.query({ id: of?.id ?? '' })).toMatchObject({
      familyId: first,
      changes: `Seed ${SEED}`,
    });
    expect(await seedOf(of?.id ?? '')).toBe(SEED);
  });

  test('four variations have four seeds, and the same request again gives the same four', async () => {
    const ask = () => anna.api.jobs.vary.mutate({ id: first, newSeeds: true, count: 4, clientRequestId: 'four' });
    const ids = (await ask()).map(({ id }) => id);
    expect(new Set(await Promise.all(ids.map(seedOf))).size).toBe(4);
    expect((await ask()).map(({ id }) => id)).toEqual(ids);
  });

  test('are listed with what they changed, and their results are found together', async () => {
    const versions = await anna.api.jobs.versions.query({ id: first });
    expect(versions).toHaveLength(7);
    expect(versions.at(-1)).toMatchObject({ id: first, changes: null });
    expect(versions.at(-2)).toMatchObject({ changes: 'Prompt: “a gull”' });
    await expect
      .poll(async () => (await anna.api.results.list.query({ familyId: first })).items.length, { timeout: 30_000 })
      .toBe(7);
    const { items } = await anna.api.results.list.query({ familyId: first });
    expect(new Set(items.map(({ familyId }) => familyId))).toEqual(new Set([first]));
    expect((await anna.api.jobs.versions.query({ id: first }))[0]?.resultId).toEqual(expect.any(String));
  });

  test('a retried job is a version too', async () => {
    const { id } = await anna.api.jobs.retry.mutate({ id: first, newSeed: true });
    expect(await anna.api.jobs.get.query({ id })).toMatchObject({
      familyId: first,
      changes: expect.stringMatching(/^Seed \d+$/),
    });
  });

  test('what cannot be changed is refused, and nothing is queued', async () => {
    const before = (await anna.api.jobs.versions.query({ id: first })).length;
    const changes = [{ nodeId: '6', input: 'clip', value: 'x' }];
    expect(await refusal(anna.api.jobs.vary.mutate({ id: first, changes }))).toMatchObject({
      appError: 'invalid_input',
    });
    expect(await refusal(anna.api.jobs.vary.mutate({ id: first, count: 9 }))).toMatchObject({
      appError: 'invalid_input',
    });
    expect(await anna.api.jobs.versions.query({ id: first })).toHaveLength(before);
  });

  test('are their owner’s alone', async () => {
    expect(await refusal(ben.api.jobs.vary.mutate({ id: first }))).toMatchObject({ appError: 'not_found' });
    expect(await refusal(ben.api.jobs.versions.query({ id: first }))).toMatchObject({ appError: 'not_found' });
    expect((await ben.api.results.list.query({ familyId: first })).items).toEqual([]);
  });
});
