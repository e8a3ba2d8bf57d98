import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { refusal } from '../testing/visitor.ts';

let product: ProductUnderTest;
let anna: TestPerson;
const admin = () => product.operator.api.admin.workflows;
const offered = () => anna.api.workflows.list.query();
const graphOf = async (id: string) => (await anna.api.jobs.graph.query({ id })).prompt;

const SAMPLER = { class_type: 'KSampler', inputs: { seed: 7, steps: 20, cfg: 7 } };
const graph = {
  '1': { class_type: 'EmptyImage', inputs: { width: 48, height: 32, batch_size: 1, color: 1 } },
  '9': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'x' } },
  s: SAMPLER,
};
let count = 0;
const add = async (prompt: unknown = graph, nodes: unknown[] = []) => {
  const name = `Lesson ${++count}`;
  return { name, ...(await admin().add.mutate({ name, workflow: { nodes }, prompt })) };
};
const steps = (value: number) => ({ nodeId: 's', input: 'steps', value });

beforeAll(async () => {
  product = await productUnderTest({ fleet: null });
  anna = await product.participant('Anna');
}, 30_000);
afterAll(() => product.stop());

describe('a job of a class workflow', () => {
  test('has its graph with the changes, its name, and no editor’s workflow that says something else', async () => {
    const { id, name } = await add();
    const job = await anna.api.workflows.run.mutate({
      id,
      changes: [steps(30), { nodeId: 's', input: 'seed', value: '18446744073709551615' }],
    });
    expect(job).toMatchObject({ status: 'queued', position: 1, warnings: [] });
    expect((await anna.api.jobs.get.query({ id: job.id })).title).toBe(name);
    const { prompt, exactPrompt, workflow } = await anna.api.jobs.graph.query({ id: job.id });
    expect(prompt).toEqual({
      ...graph,
      s: { ...SAMPLER, inputs: { ...SAMPLER.inputs, steps: 30, seed: '18446744073709551615' } },
    });
    expect([exactPrompt?.includes('18446744073709551615'), workflow]).toEqual([true, null]);
  });

  test('has the editor’s workflow too, where that can tell the same', async () => {
    const { id } = await add(graph, [{ id: 's', type: 'KSampler', widgets_values: [7, 'randomize', 20, 7] }]);
    const changes = [steps(30), { nodeId: 's', input: 'seed', value: 8 }];
    const job = await anna.api.workflows.run.mutate({ id, changes });
    expect((await anna.api.jobs.graph.query({ id: job.id })).workflow).toEqual({
      nodes: [{ id: 's', type: 'KSampler', widgets_values: [8, 'randomize', 30, 7] }],
    });
  });

  test('has a seed of its own, in each run', async () => {
    const { id } = await add();
    const seeds: unknown[] = [];
    for (let run = 0; run < 2; run += 1) {
      const job = await anna.api.workflows.run.mutate({ id });
      const { s } = Object(await graphOf(job.id));
      seeds.push(s.inputs.seed);
    }
    expect(new Set([7, ...seeds]).size).toBe(3);
  });

  test('is one job, though it is asked for again after the workflow is gone', async () => {
    const { id } = await add();
    const request = { id, title: 'Mine', clientRequestId: `again-${id}` };
    const first = await anna.api.workflows.run.mutate(request);
    await admin().remove.mutate({ id });
    expect((await anna.api.workflows.run.mutate(request)).id).toBe(first.id);
    expect((await anna.api.jobs.get.query({ id: first.id })).title).toBe('Mine');
  });

  test.each<[string, (id: string) => Promise<unknown>, unknown, number, RegExp]>([
    ['that is hidden', (id) => admin().setOffered.mutate({ id, offered: false }), graph, 404, /not offered any more/],
    ['that is gone', (id) => admin().remove.mutate({ id }), graph, 404, /not offered any more/],
    ['without an API format', async () => undefined, undefined, 409, /can only be run in ComfyUI/],
  ])('%s is refused in words', async (_, arrange, prompt, status, words) => {
    const { id } = await add(prompt ?? null);
    await arrange(id);
    const no = await refusal(anna.api.workflows.run.mutate({ id }));
    expect([no.status, no.message]).toEqual([status, expect.stringMatching(words)]);
  });

  test('keeps to the limits that the teacher has set, and to what is open', async () => {
    const { id } = await add();
    const preset = { fields: [{ nodeId: 's', input: 'steps', most: 25 }], others: false };
    await admin().present.mutate({ id, makes: '', preset });
    const said = async (change: { nodeId: string; input: string; value: number }) =>
      (await refusal(anna.api.workflows.run.mutate({ id, changes: [change] }))).message;
    expect(await said(steps(26))).toBe('“Steps” is outside the limits of this workflow. At most 25.');
    expect(await said({ nodeId: 's', input: 'cfg', value: 1 })).toBe('“CFG” cannot be changed in this workflow.');
    expect(await said({ nodeId: 'x', input: 'y', value: 1 })).toMatch(/has no setting/);
    await anna.api.workflows.run.mutate({ id, changes: [steps(25)] });
    await admin().present.mutate({ id, makes: '', preset: null });
    await anna.api.workflows.run.mutate({ id, changes: [steps(26)] });
  });
});

test('what is offered is told in the teacher’s order, with what it makes and its form', async () => {
  const [first, second] = [await add(), await add()];
  const preset = { fields: [{ nodeId: 's', input: 'steps' }], others: true };
  await admin().present.mutate({ id: second.id, makes: ' A calm sea ', preset });
  await admin().order.mutate({ ids: [second.id, first.id] });
  expect((await offered()).slice(0, 2)).toEqual([
    { id: second.id, name: second.name, canRun: true, order: 0, makes: 'A calm sea', pictureUrl: null, preset },
    { id: first.id, name: first.name, canRun: true, order: 1, makes: null, pictureUrl: null, preset: null },
  ]);
  expect((await admin().list.query())[0]).toMatchObject({ id: second.id, makes: 'A calm sea', preset });
  const wrong = { fields: [{ nodeId: 's', input: 'steps', least: 5, most: 4 }], others: true };
  const no = await refusal(admin().present.mutate({ id: second.id, makes: '', preset: wrong }));
  expect([no.status, no.message]).toEqual([400, expect.stringContaining('smallest value is larger')]);
});

test('a sample picture is small, for everybody who is signed in, and another address when it changes', async () => {
  const { id } = await add();
  const big = await sharp({ create: { width: 1600, height: 900, channels: 3, background: '#a50' } })
    .png()
    .toBuffer();
  await admin().setPicture.mutate({ id, picture: big.toString('base64') });
  const url = async () => (await offered()).find((each) => each.id === id)?.pictureUrl ?? null;
  const address = await url();
  const response = await anna.fetch(address ?? '');
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
    200,
    'image/webp',
    'private, max-age=31536000, immutable',
  ]);
  expect(await sharp(Buffer.from(await response.arrayBuffer())).metadata()).toMatchObject({ width: 640, height: 360 });
  expect((await product.visitor().fetch(address ?? '')).status).toBe(401);
  await admin().setPicture.mutate({ id, picture: big.toString('base64') });
  expect(await url()).not.toBe(address);
  expect((await anna.fetch(address ?? '')).headers.get('cache-control')).toBe('no-store');
  const no = await refusal(admin().setPicture.mutate({ id, picture: Buffer.from('no picture').toString('base64') }));
  expect([no.status, no.message]).toEqual([400, 'This file could not be read as a picture. Choose another one.']);
  await admin().setPicture.mutate({ id, picture: null });
  expect([await url(), (await anna.fetch(address ?? '')).status]).toEqual([null, 404]);
  expect((await refusal(admin().setPicture.mutate({ id: 'gone', picture: null }))).status).toBe(404);
});

test('nothing went wrong meanwhile', () => {
  expect(product.wentWrong()).toEqual([]);
});
