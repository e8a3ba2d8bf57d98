import type { ComfyApi } from '@saintno/comfyui-sdk';
import type { Client } from '@stable-canvas/comfyui-client';
import { ComfyUIClient } from 'comfy-ui-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ComfyuiProgram, programOf } from '../../testing/comfyui-program.ts';
import { picture } from '../../testing/graphs.ts';
import { saintno, saintnoRun, stableCanvas } from '../../testing/npm-clients.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../../testing/product-under-test.ts';
import { until } from '../../testing/until.ts';

let product: ProductUnderTest;
let ada: TestPerson;
let program: ComfyuiProgram;
beforeAll(async () => {
  product = await productUnderTest({ fleet: { replicas: 2 }, config: { comfyuiPort: 0 } });
  ada = await product.participant('Ada');
  program = await programOf(product, ada);
});
const release = () => product.fleet().control.setFaults({ nodes: [] });
afterEach(release);
afterAll(() => product.stop());

const hold = () => product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
const fail = () =>
  product.fleet().control.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'ImageAddNoise', count: 1 }] });
const running = () =>
  until('a job to run', async () => (await ada.api.jobs.list.query({ status: 'running' })).items.length > 0);
const PNG = '\x89PNG';
const headOf = (bytes: ArrayBuffer): string => Buffer.from(bytes).subarray(0, 4).toString('latin1');

describe('comfy-ui-client, with the token in the path', () => {
  let client: ComfyUIClient;
  beforeAll(async () => {
    client = new ComfyUIClient(program.address.replace('http://', ''), 'comfy-ui-client');
    await client.connect();
  });
  afterAll(() => client.disconnect());
  const run = (prompt = picture()) => client.getImages(JSON.parse(JSON.stringify(prompt)));

  test('gets its pictures, of two prompts at once too', async () => {
    const all = await Promise.all([run(), run(picture({ batch: 2 }))]);
    expect(all.map((images) => images['9']?.length)).toEqual([1, 2]);
    for (const images of all) {
      const blob = images['9']?.[0]?.blob;
      expect(blob && headOf(await blob.arrayBuffer())).toBe(PNG);
    }
  });

  test('ends where a node fails, with nothing', async () => {
    await fail();
    expect(await run()).toEqual({});
  });

  test('interrupts', async () => {
    await hold();
    const images = run();
    await running();
    await client.interrupt();
    expect(await images).toEqual({});
  });

  test('changes queue and history', async () => {
    expect(await client.getQueue()).toEqual({ queue_running: [], queue_pending: [] });
    expect(await client.getPrompt()).toEqual({ exec_info: { queue_remaining: 0 } });
    expect(Object.keys(await client.getHistory()).length).toBeGreaterThan(3);
    await client.editHistory({ clear: true });
    expect(await client.getHistory()).toEqual({});
    expect((await ada.api.jobs.list.query({})).items.length).toBeGreaterThan(3);
  });
});

describe('@stable-canvas/comfyui-client, with its own fetch and WebSocket', () => {
  let client: Client;
  beforeAll(async () => {
    client = await stableCanvas(product.comfyuiUrl, program.token, 'stable-canvas');
  });
  afterAll(() => client.close());
  const urlsOf = (result: { images: readonly { type: string; data: unknown }[] }) =>
    result.images.map(({ data }) => String(data));

  test('enqueues and is given the addresses of its pictures, of two prompts at once too', async () => {
    const all = await Promise.all([client.enqueue(picture()), client.enqueue(picture({ batch: 2 }))]);
    expect(all.map((result) => urlsOf(result).length)).toEqual([1, 2]);
    for (const url of all.flatMap(urlsOf)) {
      const response = await fetch(url, { headers: { authorization: `Bearer ${program.token}` } });
      expect(headOf(await response.arrayBuffer())).toBe(PNG);
    }
  });

  test('polls', async () => {
    expect(urlsOf(await client.enqueue_polling(picture(), { polling_ms: 50 }))).toHaveLength(1);
  });

  test('rejects where a node fails', async () => {
    await fail();
    await expect(client.enqueue(picture())).rejects.toThrow();
  });

  test('interrupts', async () => {
    await hold();
    const { prompt_id } = await client._enqueue_prompt(picture());
    await running();
    await client.interrupt(prompt_id);
    await client.waitForPrompt(prompt_id, 50);
    expect(await client.getPromptStatus(prompt_id)).toMatchObject({ done: true });
    await expect(client.getPromptOutputs(prompt_id)).rejects.toThrow();
  });
});

describe.each([
  ['Bearer', () => ({ type: 'bearer_token' as const, token: program.token })],
  ['Basic', () => ({ type: 'basic' as const, username: 'anything', password: program.token })],
])('@saintno/comfyui-sdk, with %s', (_, credentials) => {
  let client: ComfyApi;
  beforeAll(async () => {
    client = await saintno(product.comfyuiUrl, { credentials: credentials() });
  });
  afterAll(() => client.destroy());

  const run = (prompt = picture()) => saintnoRun(client, prompt);
  const file = { filename: expect.any(String), subfolder: '', type: 'output' };

  test('runs prompts, two at once too', async () => {
    expect(await Promise.all([run(), run(picture({ batch: 2 }))])).toEqual([
      { output: expect.objectContaining({ images: { images: [file] } }) },
      { output: expect.objectContaining({ images: { images: [file, file] } }) },
    ]);
  });

  test('fails where a node fails', async () => {
    await fail();
    expect(await run()).toEqual({ error: expect.stringMatching(/Error$/) });
  });

  test('is told that it was interrupted', async () => {
    await hold();
    const end = run();
    await running();
    await client.interrupt();
    // Where it listens too late, it finds that its job is in the queue no more.
    expect(await end).toEqual({ error: expect.stringMatching(/Interrupted|WentMissing/) });
  });
});
