import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FeedNotice } from '#src/domain/events/feed.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const node = (class_type: string, inputs: Record<string, unknown>, title?: string) => ({
  class_type,
  inputs,
  ...(title !== undefined && { _meta: { title } }),
});
let seed = 0;
const sampled = (): Graph => {
  seed += 1;
  return {
    '4': node('CheckpointLoaderSimple', { ckpt_name: 'v1-5-pruned-emaonly-fp16.safetensors' }),
    '5': node('EmptyLatentImage', { width: 64, height: 64, batch_size: 1 }),
    '6': node('CLIPTextEncode', { text: 'a boat', clip: ['4', 1] }),
    '3': node(
      'KSampler',
      {
        seed,
        steps: 20,
        cfg: 7,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise: 1,
        model: ['4', 0],
        positive: ['6', 0],
        negative: ['6', 0],
        latent_image: ['5', 0],
      },
      'The sampler',
    ),
    '8': node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
    '9': node('SaveImage', { filename_prefix: 'boat', images: ['8', 0] }),
  };
};

let product: ProductUnderTest;
let anna: TestPerson;
let ben: TestPerson;
beforeAll(async () => {
  product = await productUnderTest({ fleet: { version: '0.33.0', replicas: 1, pace: 1, previews: true } });
  [anna, ben] = (await product.participants(['Anna', 'Ben'])) as [TestPerson, TestPerson];
  await product.fleet().control.setFaults({ slowByMs: 100 });
});
afterAll(() => product.stop());

const submit = async (prompt: Graph): Promise<string> => (await anna.api.jobs.submit.mutate({ prompt })).id;
const ended = (id: string) =>
  until(
    `the end of job ${id}`,
    async () => {
      const job = await anna.api.jobs.get.query({ id });
      return job.endedAt !== null && job;
    },
    60_000,
  );
type Notice<Type> = Extract<FeedNotice, { type: Type }>;

describe('listening', { timeout: 90_000 }, () => {
  test('steps are heard by their owner and by operators, previews by whoever of them looks, by others nothing; then the file arrives', async () => {
    const [own, others, teachers] = [anna.listen(), ben.listen(), product.operator.listen()];
    await Promise.all([own.ready, others.ready, teachers.ready]);
    const of = <Type extends FeedNotice['type']>(feed: typeof own, type: Type) =>
      feed.received.map(({ data }) => data).filter((data): data is Notice<Type> => data.type === type);
    const id = await submit(sampled());
    const looks = [anna.look(id), product.operator.look(id)];
    await Promise.all(looks.map(({ ready }) => ready));
    const last = await until('steps of the sampler', () => of(own, 'run.moved').find(({ run }) => run.step !== null));
    expect(last).toMatchObject({
      jobId: id,
      run: { node: { id: '3', label: 'The sampler' }, step: { max: 20 }, nodes: 6 },
    });
    expect((await anna.api.jobs.get.query({ id })).live?.node?.id).toBe('3');
    for (const { pictures } of looks)
      expect(await until('a preview', () => pictures[0])).toEqual({
        nodeId: '3',
        url: expect.stringMatching(/^data:image\/(jpeg|png);base64,/),
      });
    const job = await ended(id);
    expect([job.status, job.attempts, job.results.length, job.live]).toEqual(['completed', 1, 1, null]);
    const steps = of(own, 'run.moved').flatMap(({ run }) => run.step?.value ?? []);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(of(teachers, 'run.moved').length).toBeGreaterThan(0);
    const ends = of(own, 'run.moved').flatMap(({ run }) => run.step?.endsAt ?? []);
    expect(ends.length).toBeGreaterThan(0);
    expect(of(others, 'run.moved')).toEqual([]);
    await Promise.all([own, others, teachers, ...looks].map((each) => each.close()));
  });

  test('the end of a failed run is known without asking', async () => {
    await product.operator.api.admin.settings.change.mutate({ probe: false });
    await product.fleet().control.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'VAEDecode', count: 1 }] });
    const job = await ended(await submit(sampled()));
    await product.operator.api.admin.settings.change.mutate({ probe: true });
    expect([job.status, job.reason, job.attempts]).toEqual(['failed', 'execution_error', 1]);
    expect(job.message).toMatch(/^VAEDecode/);
  });

  test('off: nothing is heard, and everything arrives as before', async () => {
    const [endpoint] = await product.operator.api.admin.endpoints.list.query();
    const { name, url, gpu, capacity } = endpoint!;
    await product.operator.api.admin.endpoints.upsert.mutate({
      id: endpoint!.id,
      name,
      url,
      gpu,
      capacity,
      pricing: 'on-demand',
      apiKeyVariable: null,
      listening: 'off',
    });
    const feed = anna.listen();
    await feed.ready;
    const job = await ended(await submit(sampled()));
    expect([job.status, job.results.length]).toEqual(['completed', 1]);
    expect(feed.received.filter(({ data }) => data.type === 'run.moved' && data.jobId === job.id)).toEqual([]);
    await feed.close();
  });
});
