import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connect } from './recorded-session.testing.ts';
import { type HistoryEntry, newFolder, startReplica, type TestReplica, until } from './replica.testing.ts';

let color = 0;
const emptyImage = (size = 16): { class_type: string; inputs: { [name: string]: unknown } } => ({
  class_type: 'EmptyImage',
  inputs: { width: size, height: size, batch_size: 1, color: ++color },
});
const save = (from: string, prefix: string) => ({
  class_type: 'SaveImage',
  inputs: { images: [from, 0], filename_prefix: prefix },
});
const noise = (from: string) => ({
  class_type: 'ImageAddNoise',
  inputs: { image: [from, 0], seed: ++color, strength: 0.5 },
});

/** Text to image as a class writes it, with a save node at the end. */
function textToImage(prefix: string, more: { steps?: number; text?: string; seed?: number } = {}) {
  return {
    1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' } },
    2: { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: more.text ?? 'a lighthouse' } },
    3: { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: 'blurry' } },
    4: { class_type: 'EmptyLatentImage', inputs: { width: 128, height: 96, batch_size: 1 } },
    5: {
      class_type: 'KSampler',
      inputs: {
        model: ['1', 0],
        positive: ['2', 0],
        negative: ['3', 0],
        latent_image: ['4', 0],
        seed: more.seed ?? ++color,
        steps: more.steps ?? 4,
        cfg: 7,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise: 1,
      },
    },
    6: { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['1', 2] } },
    7: save('6', prefix),
  };
}
/** A row of GET /queue. */
const row = (number: unknown, id: unknown = expect.any(String)): unknown[] => [
  number,
  id,
  expect.any(Object),
  expect.toBeOneOf([null, {}]),
  ['2'],
];
const models = { checkpoints: ['sd_xl_base_1.0.safetensors'] };
const lastMessage = ({ status }: HistoryEntry): [string, { [key: string]: unknown }] =>
  status.messages.at(-1) ?? ['', {}];

describe('running prompts', () => {
  let replica: TestReplica;
  beforeAll(async () => {
    replica = await startReplica({ models });
  });
  afterEach(() => replica.setFaults({ nodes: [], slowByMs: 0, swallow: false }));
  afterAll(() => replica.stop());

  const files = async (folder: string): Promise<string[]> =>
    (await readdir(path.join(replica.outputs, folder)).catch(() => [])).sort();
  const reported = ({ outputs }: HistoryEntry, node: string): unknown => outputs[node]?.images;

  describe('the cache decides what is written', () => {
    const prompt = { 1: emptyImage(), 2: save('1', 'cache/c') };
    const names = [{ filename: 'c_00001_.png', subfolder: 'cache', type: 'output' }];

    test('the same prompt with other metadata writes nothing and reports the old name', async () => {
      await replica.run(prompt, { extra_data: { extra_pnginfo: { job: 'A' } } });
      const again = await replica.run(prompt, { extra_data: { extra_pnginfo: { job: 'B' } } });
      expect(again.status.status_str).toBe('success');
      expect(reported(again, '2')).toEqual(names);
      expect(await files('cache')).toEqual(['c_00001_.png']);
      expect((await readFile(path.join(replica.outputs, 'cache/c_00001_.png'))).toString('latin1')).toContain(
        'job\0"A"',
      );
    });

    test('it does so even when the file is deleted, and under other node ids', async () => {
      await rm(path.join(replica.outputs, 'cache/c_00001_.png'));
      expect(reported(await replica.run(prompt), '2')).toEqual(names);
      expect(reported(await replica.run({ a: prompt[1], b: { ...save('a', 'cache/c') } }), 'b')).toEqual(names);
      expect(await files('cache')).toEqual([]);
    });

    test('after another prompt it writes again, and reuses the number', async () => {
      await replica.run({ 1: emptyImage(), 2: save('1', 'cache/other') });
      expect(reported(await replica.run(prompt), '2')).toEqual(names);
      expect(await files('cache')).toEqual(['c_00001_.png', 'other_00001_.png']);
    });

    test('POST /free with free_memory empties it', async () => {
      await fetch(`${replica.url}/free`, { method: 'POST', body: JSON.stringify({ free_memory: true }) });
      await replica.run(prompt);
      expect(await files('cache')).toEqual(['c_00001_.png', 'c_00002_.png', 'other_00001_.png']);
    });

    test('two equal save nodes in one prompt write one file', async () => {
      const entry = await replica.run({ 1: emptyImage(), 2: save('1', 'cache/dup'), 3: save('1', 'cache/dup') });
      expect(reported(entry, '2')).toEqual(reported(entry, '3'));
      expect((await files('cache')).filter((name) => name.startsWith('dup'))).toEqual(['dup_00001_.png']);
    });

    test('a new prefix runs the save node, with the rest from the cache', async () => {
      const upstream = { 1: emptyImage(), 2: noise('1') };
      await replica.run({ ...upstream, 3: save('2', 'cache/first') });
      const second = await replica.run({ ...upstream, 3: save('2', 'cache/second') });
      const cached = second.status.messages.find(([event]) => event === 'execution_cached')?.[1];
      expect(cached).toMatchObject({ nodes: ['1', '2'] });
      expect(await files('cache')).toContain('second_00001_.png');
    });
  });

  test('an execution error stops the prompt and leaves the files of outputs that ran', async () => {
    const prompt = {
      1: emptyImage(),
      2: save('1', 'error/before'),
      3: {
        class_type: 'VAEDecodeHunyuan3D',
        inputs: { samples: ['4', 0], vae: ['5', 2], num_chunks: 1000, octree_resolution: 16 },
      },
      4: { class_type: 'EmptyLatentHunyuan3Dv2', inputs: { resolution: 16, batch_size: 1 } },
      5: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' } },
      6: { class_type: 'VoxelToMeshBasic', inputs: { voxel: ['3', 0], threshold: 0.5 } },
      7: { class_type: 'SaveGLB', inputs: { mesh: ['6', 0], filename_prefix: 'error/mesh' } },
    };
    const entry = await replica.run(prompt);
    expect(entry.status).toMatchObject({ status_str: 'error', completed: false });
    expect(lastMessage(entry)).toMatchObject([
      'execution_error',
      {
        node_id: '4',
        node_type: 'EmptyLatentHunyuan3Dv2',
        exception_message: 'This simulated worker cannot run the node class EmptyLatentHunyuan3Dv2.\n',
      },
    ]);
  });

  test('out of memory, once, for one class', async () => {
    replica.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'KSampler', count: 1 }] });
    const failed = await replica.run(textToImage('oom/a'));
    expect(lastMessage(failed)).toMatchObject([
      'execution_error',
      { node_id: '5', exception_type: 'torch.OutOfMemoryError' },
    ]);
    expect(await files('oom')).toEqual([]);
    expect((await replica.run(textToImage('oom/a'))).status.status_str).toBe('success');
  });

  test('a full disk fails the save node and leaves an incomplete file', async () => {
    replica.setFaults({ nodes: [{ kind: 'diskFull', count: 1 }] });
    const failed = await replica.run({ 1: emptyImage(), 2: save('1', 'full/f') });
    expect(lastMessage(failed)[1]).toMatchObject({
      exception_type: 'OSError',
      exception_message: '[Errno 28] No space left on device\n',
    });
    const cut = await readFile(path.join(replica.outputs, 'full/f_00001_.png'));
    expect(cut.includes('IEND')).toBe(false);
  });

  test('interrupt by id ends a sampler between two steps; by the id of a waiting prompt it does nothing', async () => {
    replica.setFaults({ slowByMs: 20 });
    const client = await connect(replica.url, { clientId: 'c' });
    const { id } = await replica.post({ prompt: textToImage('stop/a', { steps: 10_000 }), client_id: 'c' });
    const waiting = await replica.post({ prompt: { 1: emptyImage(), 2: save('1', 'stop/b') } });
    const interrupt = (prompt_id: string) =>
      fetch(`${replica.url}/interrupt`, { method: 'POST', body: JSON.stringify({ prompt_id }) });
    await interrupt(waiting.id);
    await client.saw('progress', ({ value }) => value === 2);
    await interrupt(id);
    expect(lastMessage(await replica.result(id))).toMatchObject([
      'execution_interrupted',
      { node_id: '5', node_type: 'KSampler' },
    ]);
    expect((await replica.result(waiting.id)).status.status_str).toBe('success');
    client.close();
  });

  test('a swallowed prompt stays pending', async () => {
    replica.setFaults({ swallow: true });
    // The fault is set once this second message of the same pipe has been answered.
    const { id } = await replica.post({ prompt: { 1: emptyImage(), 2: save('1', 'swallowed/s') } });
    const queue = await (await fetch(`${replica.url}/queue`)).json();
    expect(queue).toMatchObject({ queue_running: [], queue_pending: [row(expect.any(Number), id)] });
    replica.setFaults({ swallow: false });
    expect((await replica.result(id)).status.status_str).toBe('success');
  });

  test('the same picture for the same prompt and seed, a different one for others', async () => {
    const picture = async (name: string, text: string, seed: number): Promise<string> => {
      await fetch(`${replica.url}/free`, { method: 'POST', body: JSON.stringify({ free_memory: true }) });
      await replica.run(textToImage(`same/${name}`, { text, seed }));
      const bytes = await readFile(path.join(replica.outputs, `same/${name}_00001_.png`));
      return bytes.subarray(bytes.indexOf('IDAT')).toString('base64');
    };
    const first = await picture('a', 'a fox', 5);
    expect(await picture('b', 'a fox', 5)).toBe(first);
    expect(await picture('c', 'a fox', 6)).not.toBe(first);
    expect(await picture('d', 'an owl', 5)).not.toBe(first);
  });

  test('the worker thread ends as the real one does, and prompts are still accepted', async () => {
    const doomed = await startReplica();
    await doomed.post({ prompt: { 1: emptyImage(), 2: save('1', 'x') }, extra_data: null });
    const later = await doomed.post({ prompt: { 1: emptyImage(), 2: save('1', 'x') } });
    expect(later.status).toBe(200);
    const queue = await (await fetch(`${doomed.url}/queue`)).json();
    expect(queue).toMatchObject({ queue_running: [row(0)], queue_pending: [row(1, later.id)] });
    await doomed.stop();
  });

  test('the same id and number while it is pending: 500, but it is queued', async () => {
    replica.setFaults({ nodes: [{ kind: 'hold', classType: 'EmptyImage' }] });
    const held = await replica.post({ prompt: { 1: emptyImage(), 2: save('1', 'twice/0') } });
    await until(async () => (await (await fetch(`${replica.url}/queue`)).text()).includes(`"queue_running": [[`));
    const body = (name: string) => ({
      prompt: { 1: emptyImage(), 2: save('1', `twice/${name}`) },
      prompt_id: 'twice',
      number: 500,
    });
    expect((await replica.post(body('c'))).status).toBe(200);
    expect((await replica.post(body('d'))).status).toBe(500);
    replica.setFaults({ nodes: [] });
    await replica.result(held.id);
    await until(async () => (await files('twice')).length === 3);
    expect(await files('twice')).toEqual(['0_00001_.png', 'c_00001_.png', 'd_00001_.png']);
  });
});

describe('outputs', () => {
  test('the order of outputs changes from process to process', async () => {
    const orders = new Set<string>();
    const ids = Array.from({ length: 8 }, (_, index) => String(index + 2));
    for (let start = 0; start < 3; start++) {
      const replica = await startReplica();
      const { prompt } = await replica.run({
        1: emptyImage(),
        ...Object.fromEntries(ids.map((id) => [id, save('1', `o${id}`)])),
      });
      orders.add(JSON.stringify(prompt[4]));
      const again = await replica.run({
        1: emptyImage(),
        ...Object.fromEntries(ids.map((id) => [id, save('1', `o${id}`)])),
      });
      expect(again.prompt[4]).toEqual(prompt[4]);
      await replica.stop();
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('several processes on one output directory', () => {
  test('with one prefix files overwrite each other; with a prefix per prompt none is lost', async () => {
    const outputs = newFolder();
    const [a, b] = await Promise.all([startReplica({ outputs }), startReplica({ outputs })]);
    const prompts = 60;
    const race = async (prefix: (index: number) => string): Promise<void> => {
      const posted = await Promise.all(
        Array.from({ length: prompts }, async (_, index) => {
          const replica = index % 2 === 0 ? a : b;
          const { id } = await replica.post({ prompt: { 1: emptyImage(64), 2: save('1', prefix(index)) } });
          return replica.result(id);
        }),
      );
      for (const entry of posted) expect(entry.status.status_str).toBe('success');
    };
    // Which process reads the folder first is chance: raced again until two have read the same counter.
    let round = 0;
    await until(async () => {
      round += 1;
      await race(() => `shared${round}/x`);
      return (await readdir(path.join(outputs, `shared${round}`))).length < prompts;
    });
    await race((index) => `own/${index}`);
    expect(await readdir(path.join(outputs, 'own'))).toHaveLength(prompts);
    await Promise.all([a.stop(), b.stop()]);
    await rm(outputs, { recursive: true });
  });

  test('killed in mid-file: the cut file stays under its final name', async () => {
    const outputs = newFolder();
    const replica = await startReplica({ outputs });
    replica.setFaults({ nodes: [{ kind: 'killMidFile', afterBytes: 100_000, count: 1 }] });
    await replica.post({ prompt: { 1: emptyImage(512), 2: noise('1'), 3: save('2', 'cut/c') } });
    await replica.exited;
    const bytes = await readFile(path.join(outputs, 'cut/c_00001_.png'));
    expect(bytes.length).toBe(100_000);
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    await replica.stop();
    await rm(outputs, { recursive: true });
  });
});
