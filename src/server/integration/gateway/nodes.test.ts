import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NODES, OBJECT_INFO, TOLD } from '#src/domain/node-catalogue/catalogue.testing.ts';
import type { Deps } from '#src/server/process/deps.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { APART, tabOf } from '../testing/tab-of.ts';
import type { Visitor } from '../testing/visitor.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let product: ProductUnderTest;
let deps: Deps;
let anna: TestPerson;
let ben: TestPerson;
let annas: Visitor;
let bens: Visitor;

async function upload(who: TestPerson, name: string): Promise<void> {
  const body = new FormData();
  body.append('file', new File([PNG], name));
  expect((await who.fetch('/api/inputs', { method: 'POST', body })).status).toBe(200);
}
async function model(path: string, bytes: Uint8Array = Buffer.from('x')): Promise<void> {
  const file = join(product.folders.sfs, 'models', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}
/** As a worker tells it, with one class more. */
async function capture(endpointId: string, more: object = {}): Promise<void> {
  const info =
    Object.keys(more).length === 0 ? OBJECT_INFO : OBJECT_INFO.replace(/}$/, `,${JSON.stringify(more).slice(1)}`);
  await deps.nodeCatalogues.keep(endpointId, info, { versions: {}, capturedAt: 1, models: TOLD, replaced: [] });
}
const endpointIds = async (): Promise<string[]> => (await deps.endpoints.list()).map(({ id }) => id);
async function json(who: Visitor, path: string, status = 200): Promise<unknown> {
  const answer = await who.fetch(path);
  expect([path, answer.status]).toEqual([path, status]);
  return answer.json();
}

beforeAll(async () => {
  product = await productUnderTest({
    config: { ...APART },
    // Nothing answers there, and nothing is asked: that is what this is about.
    fleet: null,
    arrange: (made) => {
      // As read from the disk each time: files come in the middle of this.
      deps = { ...made, modelNames: { seen: async () => (await made.modelFolder.list()).files } };
      return deps;
    },
  });
  [anna, ben] = (await product.participants(['Anna', 'Ben'])) as [TestPerson, TestPerson];
  [annas, bens] = await Promise.all([tabOf(product, anna), tabOf(product, ben)]);
  for (const path of [
    'checkpoints/a.safetensors',
    'checkpoints/deep/b.ckpt',
    'vae/v.safetensors',
    'loras/l.safetensors',
  ])
    await model(path);
});
afterAll(() => product.stop());

const endpoint = (name: string, enabled = true) =>
  deps.endpoints.upsert(
    { name, url: 'http://127.0.0.1:9', gpu: '', pricing: 'spot', capacity: 1, apiKeyVariable: null, enabled },
    1,
  );

describe('before anything is known', () => {
  test('the nodes are not told, models are those on the share', async () => {
    expect(await json(annas, '/api/object_info', 503)).toMatchObject({
      error: { type: 'platform_unavailable', message: expect.stringContaining('Admin → Endpoints') },
    });
    expect(await json(annas, '/models')).toEqual(['checkpoints', 'loras', 'vae']);
    expect(await json(annas, '/models/checkpoints')).toEqual(['a.safetensors', 'deep/b.ckpt']);
    expect(await anna.api.workflows.missingNodes.query({ classes: ['Nothing'] })).toEqual([]);
  });
});

describe('once a worker has been asked', () => {
  let one: string;
  beforeAll(async () => {
    one = (await endpoint('one')).id;
    await deps.settings.change({ dispatchPaused: true });
    await capture(one);
    await upload(anna, 'annas secret.png');
    await upload(ben, 'bens secret.png');
  });

  test('each sees all nodes, with their own uploads and nobody else’s', async () => {
    const [hers, his] = [await json(annas, '/object_info'), await json(bens, '/api/object_info')];
    const offers = (name: string) => ({
      LoadImage: { input: { required: { image: [[name], { image_upload: true }] } } },
      LoadVideo: { input: { required: { file: ['COMBO', { options: [] }] } } },
    });
    const names = Object.keys(NODES).filter((name) => !name.startsWith('Api'));
    expect(Object.keys(Object(hers)).sort()).toEqual(names.sort());
    expect(hers).toMatchObject(offers('annas secret.png'));
    expect(his).toMatchObject(offers('bens secret.png'));
    for (const [text, others] of [
      [JSON.stringify(hers), 'bens'],
      [JSON.stringify(his), 'annas'],
    ] as const) {
      expect(text).not.toContain(others);
      expect(text).not.toContain('other.png');
      expect(text).not.toMatch(/[0-9a-f]{64}/);
    }
  });

  test('one class alone; none of a name that nobody has, or that is done elsewhere for money', async () => {
    expect(await json(annas, '/object_info/LoadImage')).toMatchObject({
      LoadImage: { input: { required: { image: [['annas secret.png'], {}] } } },
    });
    for (const name of ['NoSuch', 'ApiFilm', '__proto__'])
      expect(await json(annas, `/object_info/${name}`)).toEqual({});
    await deps.settings.change({ allowedExtraData: ['api_key_comfy_org'] });
    expect(await json(annas, '/object_info/ApiFilm')).toHaveProperty('ApiFilm');
    expect(await json(annas, '/object_info')).toHaveProperty('ApiFilm');
    await deps.settings.change({ allowedExtraData: [] });
  });

  test('seeds keep their digits; what has not changed is not sent again', async () => {
    const first = await annas.fetch('/api/object_info');
    expect(await first.text()).toContain('"max":18446744073709551615');
    const tag = first.headers.get('etag') ?? '';
    const headers = { 'if-none-match': tag };
    expect((await annas.fetch('/api/object_info', { headers })).status).toBe(304);
    expect((await bens.fetch('/api/object_info', { headers })).status).toBe(200);
    const plain = await annas.fetch('/api/object_info', { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.json()).toHaveProperty('KSampler');
    await upload(anna, 'another.png');
    expect((await annas.fetch('/api/object_info', { headers })).status).toBe(200);
  });

  test('lists of models follow the share while all GPUs sleep', async () => {
    await model('checkpoints/new.safetensors');
    const names = ['a.safetensors', 'deep/b.ckpt', 'new.safetensors'];
    expect(await json(annas, '/object_info/CheckpointLoaderSimple')).toMatchObject({
      CheckpointLoaderSimple: { input: { required: { ckpt_name: [expect.arrayContaining(names), {}] } } },
    });
    expect(await json(annas, '/models/checkpoints')).toEqual(expect.arrayContaining(names));
  });

  test('models in the shapes of ComfyUI', async () => {
    const header = Buffer.from('{"__metadata__":{"modelspec.title":"Grain"}}');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    await model('loras/told.safetensors', Buffer.concat([length, header]));
    await model('embeddings/neg/easy.pt');
    await writeFile(join(product.folders.sfs, 'secret.safetensors'), Buffer.concat([length, header]));
    expect(await json(annas, '/models')).toEqual(TOLD.map(({ name }) => name));
    expect(await json(annas, '/api/experiment/models')).toEqual(
      TOLD.map(({ name, folders, extensions }) => ({ name, folders, extensions })),
    );
    expect(await json(annas, '/experiment/models/loras')).toEqual([
      { name: 'l.safetensors', pathIndex: 0, modified: expect.any(Number), created: expect.any(Number), size: 1 },
      expect.objectContaining({ name: 'told.safetensors', size: 8 + header.length }),
    ]);
    expect(await json(annas, '/embeddings')).toEqual(['neg/easy']);
    expect(await json(annas, '/view_metadata/loras?filename=told.safetensors')).toEqual({ 'modelspec.title': 'Grain' });
    for (const path of [
      'loras?filename=l.safetensors',
      'loras',
      'loras?filename=..%2F..%2Fsecret.safetensors',
      'none?filename=told.safetensors',
      '..%2Floras?filename=told.safetensors',
    ])
      expect(await json(annas, `/view_metadata/${path}`, 404)).toHaveProperty('error.message');
    for (const path of ['/models/none', '/experiment/models/none', '/models/..%2Finputs']) await json(annas, path, 404);
  });

  const image = { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 0 } };
  const save = (from: string) => ({ class_type: 'SaveImage', inputs: { images: [from, 0], filename_prefix: 'x' } });
  const submit = (prompt: unknown) => anna.api.jobs.submit.mutate({ prompt });

  test('what no endpoint can run is refused, and is told before: which node, and what is there instead', async () => {
    const waiting = await deps.jobs.counts();
    const prompt = { '1': image, '2': { class_type: 'ImageScaler', inputs: { image: ['1', 0] } }, '3': save('2') };
    await expect(submit(prompt)).rejects.toMatchObject({
      message:
        'No GPU can run this workflow. “ImageScaler” is not installed on the GPUs; similar: ImageScale. If that has changed, an operator can read the nodes again under Admin → Endpoints.',
      data: { appError: 'invalid_graph', nodeErrors: { '2': { errors: [{ type: 'missing_node_type' }] } } },
    });
    await expect(
      submit({ '1': { ...image, inputs: { ...image.inputs, width: 0 } }, '3': save('1') }),
    ).rejects.toMatchObject({
      data: { nodeErrors: { '1': { dependent_outputs: ['3'], errors: [{ type: 'value_smaller_than_min' }] } } },
    });
    expect(await deps.jobs.counts()).toEqual(waiting);
    expect(await anna.api.workflows.missingNodes.query({ classes: ['ImageScaler', 'SaveImage'] })).toEqual([
      { name: 'ImageScaler', near: ['ImageScale'] },
    ]);
  });

  test('an output that no endpoint can run is told with the answer, as ComfyUI does; the others are queued', async () => {
    const answer = async (prompt: unknown): Promise<unknown> =>
      (await bens.fetch('/prompt', { method: 'POST', body: JSON.stringify({ prompt }) })).json();
    const bad = { class_type: 'SaveImage', inputs: { filename_prefix: 'x' } };
    expect(await answer({ '1': image, '2': save('1'), '3': bad })).toMatchObject({
      prompt_id: expect.any(String),
      node_errors: {
        '3': {
          class_type: 'SaveImage',
          dependent_outputs: ['3'],
          errors: [{ type: 'required_input_missing', message: 'Required input is missing', details: 'images' }],
        },
      },
    });
    expect(await answer({ '1': image, '2': save('1') })).toMatchObject({ node_errors: {} });
  });

  test('a job goes only to endpoints that have all of its nodes', async () => {
    const two = (await endpoint('two')).id;
    await capture(two, { OnlyHere: { input: {}, output: ['IMAGE'] } });
    const { id } = await submit({ '1': image, '2': { class_type: 'OnlyHere', inputs: {} }, '3': save('2') });
    const waiting = (await deps.jobs.queue()).waiting.find(({ jobId }) => jobId === id);
    expect(waiting).toMatchObject({ avoid: [], rejectedBy: [one] });
    expect(await endpointIds()).toContain(two);
    expect(await json(annas, '/object_info')).toHaveProperty('OnlyHere');
    // Of an endpoint that nobody has asked, nothing is known: it may have anything.
    await endpoint('three');
    expect(await submit({ '1': image, '2': { class_type: 'Anything', inputs: {} }, '3': save('2') })).toHaveProperty(
      'id',
    );
    expect(await anna.api.workflows.missingNodes.query({ classes: ['Anything'] })).toEqual([]);
  });

  test('whoever is not signed in sees nothing', async () => {
    const nobody = product.visitor();
    for (const path of ['/object_info', '/models', '/view_metadata/loras?filename=told.safetensors'])
      expect((await nobody.fetch(path)).status).not.toBe(200);
    expect(product.wentWrong()).toEqual([]);
  });
});
