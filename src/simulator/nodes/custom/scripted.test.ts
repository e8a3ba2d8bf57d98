import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../recorded-session.testing.ts';
import { startReplica, type TestReplica, until } from '../../replica.testing.ts';

const image = { class_type: 'EmptyImage', inputs: { width: 16, height: 16, batch_size: 1, color: 9 } };
const node = (class_type: string, inputs: { [name: string]: unknown }) => ({ class_type, inputs });
const save = (from: string, prefix: string) => node('SaveImage', { images: [from, 0], filename_prefix: prefix });

describe('scripted classes', () => {
  let replica: TestReplica;
  beforeAll(async () => {
    replica = await startReplica();
  });
  afterAll(() => replica.stop());
  const files = async (folder: string): Promise<string[]> =>
    (await readdir(path.join(replica.outputs, folder)).catch(() => [])).sort();

  test('nothing after a block runs, the other branch does, and the run succeeds without a message', async () => {
    const client = await connect(replica.url, { clientId: 'blocked' });
    const entry = await replica.run(
      {
        1: image,
        2: node('FakeBlock', { value: ['1', 0], message: 'Not today' }),
        3: node('ImageInvert', { image: ['2', 0] }),
        4: save('3', 'blocked/hidden'),
        5: save('1', 'blocked/open'),
        6: node('FakeBlock', { value: ['1', 0], block: false }),
        7: save('6', 'blocked/passed'),
      },
      { client_id: 'blocked' },
    );
    expect(entry.status).toMatchObject({ status_str: 'success', completed: true });
    expect(Object.keys(entry.outputs).sort()).toEqual(['5', '7']);
    expect(await files('blocked')).toEqual(['open_00001_.png', 'passed_00001_.png']);
    await client.saw('execution_error', ({ exception_type }) => exception_type === 'ExecutionBlocked');
    client.close();
  });

  test('a node that raises ends the prompt with its own message; earlier outputs stay', async () => {
    const entry = await replica.run({
      1: image,
      2: save('1', 'raised/before'),
      3: node('FakeRaise', { value: ['1', 0], message: 'No face found', type: 'RuntimeError' }),
      4: save('3', 'raised/after'),
    });
    expect(entry.status.status_str).toBe('error');
    expect(entry.status.messages.at(-1)).toMatchObject([
      'execution_error',
      { node_id: '3', exception_type: 'RuntimeError', exception_message: 'No face found\n' },
    ]);
    expect(await files('raised')).toEqual(['before_00001_.png']);
  });

  test('pairs share a stem, and a written file has the given name', async () => {
    await replica.run({
      1: node('FakePair', { filename_prefix: 'pairs/scene', count: 2 }),
      2: node('FakeWrite', { filename_prefix: 'pairs/scene', name: '.nfs01', text: 'open' }),
      3: node('FakeWrite', { filename_prefix: 'pairs/scene', name: 'b.bin', base64: 'AAEC' }),
    });
    const pairs = ['scene_00001_.png', 'scene_00001_.txt', 'scene_00002_.png', 'scene_00002_.txt'];
    expect(await files('pairs')).toEqual(['.nfs01', 'b.bin', ...pairs]);
    expect([...(await readFile(path.join(replica.outputs, 'pairs/b.bin')))]).toEqual([0, 1, 2]);
  });

  test('a late file comes when history has said success', async () => {
    // The clock of files can lag behind by some milliseconds; at this pace the file comes 50 ms later.
    const paced = await startReplica({ pace: 0.05 });
    const entry = await paced.run({
      1: image,
      2: node('FakeLate', { images: ['1', 0], filename_prefix: 'late/l', seconds: 1 }),
    });
    expect(entry.outputs).toEqual({});
    const file = path.join(paced.outputs, 'late/l_00001_.png');
    const { birthtimeMs } = await until(() => stat(file).catch(() => null));
    await paced.stop();
    expect(birthtimeMs).toBeGreaterThan(Number(entry.status.messages.at(-1)?.[1].timestamp));
  });

  test('a series is written with pauses, a slow node passes its value on', async () => {
    const paced = await startReplica({ pace: 0.05 });
    const { id } = await paced.post({
      prompt: {
        1: image,
        2: node('FakeSlow', { value: ['1', 0], seconds: 4 }),
        3: node('FakeSeries', { images: ['2', 0], filename_prefix: 'series', count: 3, seconds: 5 }),
      },
    });
    await until(async () => (await readdir(paced.outputs)).length === 1);
    expect(await (await fetch(`${paced.url}/history/${id}`)).text()).toBe('{}');
    await paced.result(id);
    expect(await readdir(paced.outputs)).toHaveLength(3);
    await paced.stop();
  });

  test('text is shown, and a worker ignores a rejecting node', async () => {
    const entry = await replica.run({
      1: node('PrimitiveString', { value: 'a caption' }),
      2: node('ShowText|pysssss', { text: ['1', 0] }),
      3: node('FakeHttp', { status: 429, times: 1, key: 'a' }),
    });
    expect(entry.outputs).toEqual({ 2: { text: ['a caption'] } });
  });

  test('a node that calls a paid service needs the caller’s key', async () => {
    const prompt = { 1: node('KlingTextToVideoNode', { prompt: 'a fox' }), 2: save('1', 'paid/p') };
    const refused = await replica.run(prompt);
    expect(refused.status.messages.at(-1)?.[1]).toMatchObject({
      exception_message: 'Unauthorized: Please login first to use this node.\n',
    });
    const paid = await replica.run(prompt, { extra_data: { api_key_comfy_org: 'comfyui-0000' } });
    expect(paid.status.completed).toBe(true);
    expect(JSON.stringify(paid)).not.toContain('comfyui-0000');
  });

  test('nodes that feed no output may be broken', async () => {
    const entry = await replica.run({
      1: image,
      2: save('1', 'unused/d'),
      7: node('LoraLoader', { model: ['4', 0], lora_name: 'x' }),
      8: node('KSampler', { seed: 9876543210987654321n.toString(), model: ['9', 0] }),
    });
    expect(entry.status.completed).toBe(true);
  });
});
