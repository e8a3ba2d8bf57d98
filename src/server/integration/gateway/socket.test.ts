import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ComfyuiProgram, listenAt, programOf } from '../testing/comfyui-program.ts';
import { allRefused, picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { comfyuiOf } from '../testing/tab-of.ts';
import { until } from '../testing/until.ts';

let product: ProductUnderTest;
let [ada, ben]: TestPerson[] = [];
let program: ComfyuiProgram;
beforeAll(async () => {
  product = await productUnderTest({ fleet: { replicas: 2 }, config: { comfyuiPort: 0 } });
  [ada, ben] = await product.participants(['Ada', 'Ben']);
  program = await programOf(product, ada!);
});
afterEach(() => product.fleet().control.setFaults({ nodes: [], swallow: false }));
afterAll(() => product.stop());

const START = ['execution_start', 'execution_cached'];
const END = ['execution_success', 'executing null'];
const hold = () => product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
const FLAGS = JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } });

test('the first message says how many jobs are left, and for whom', async () => {
  const socket = await program.listen('first');
  await socket.heard('status');
  expect(socket.messages[0]).toEqual({
    type: 'status',
    data: { status: { exec_info: { queue_remaining: 0 } }, sid: 'first' },
  });
  await socket.close();
});

describe('a program', () => {
  test('hears of a run from its beginning to its end, and then finds it in the history', async () => {
    const socket = await program.listen('run');
    const { prompt_id } = await program.run(picture({ batch: 2 }), { client_id: 'run' });
    await socket.heard('executing null');
    expect(socket.of(prompt_id).filter((name) => !name.startsWith('progress'))).toEqual([
      ...START,
      expect.stringMatching(/^executing \d$/),
      'executing 9',
      'executed 9',
      ...END,
    ]);
    const executed = socket.messages.find(({ type }) => type === 'executed');
    const { body } = await program.json(`/history/${prompt_id}`);
    expect(body[prompt_id]).toMatchObject({ outputs: { 9: executed?.data.output } });
    await socket.close();
  });

  test('hears of a failure with the exception of the node, and that it is over', async () => {
    await product.fleet().control.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'ImageAddNoise', count: 1 }] });
    const socket = await program.listen('fails');
    const { prompt_id } = await program.run(picture(), { client_id: 'fails' });
    await socket.heard('executing null');
    expect(socket.of(prompt_id).at(-2)).toBe('execution_error');
    expect(socket.messages.find(({ type }) => type === 'execution_error')?.data).toMatchObject({
      prompt_id,
      node_id: '2',
      node_type: 'ImageAddNoise',
      exception_message: expect.stringContaining('memory'),
    });
    await socket.close();
  });

  test('hears what a worker refused', async () => {
    const socket = await program.listen('refused');
    const { prompt_id } = await program.run(allRefused(), { client_id: 'refused' });
    await socket.heard('executing null');
    expect(socket.of(prompt_id).at(-2)).toBe('execution_error');
    await socket.close();
  });

  test('hears that what it interrupted is over', async () => {
    await hold();
    const socket = await program.listen('interrupts');
    const { prompt_id } = await program.run(picture(), { client_id: 'interrupts' });
    await until('the job to run', async () => (await ada!.api.jobs.list.query({ status: 'running' })).items.length > 0);
    expect((await program.json('/interrupt', {})).status).toBe(200);
    await socket.heard('executing null');
    expect(socket.of(prompt_id).at(-2)).toBe('execution_interrupted');
    await socket.close();
  });

  test('that was away is told when it comes back, once', async () => {
    const { prompt_id } = await program.run(picture(), { client_id: 'away' });
    await program.ended(prompt_id);
    const back = await program.listen('away');
    await back.heard('executing null');
    expect(back.of(prompt_id).slice(-2)).toEqual(END);
    await back.close();
    const again = await program.listen('away');
    // What comes next shows that nothing of before is to come.
    const next = await program.run(picture(), { client_id: 'away' });
    await again.heard('executing null');
    expect(again.of(prompt_id)).toEqual([]);
    expect(again.of(next.prompt_id).slice(-2)).toEqual(END);
    await again.close();
  });

  test('hears of one job after the other', async () => {
    const socket = await program.listen('two');
    const ids = [
      await program.run(picture(), { client_id: 'two' }),
      await program.run(picture(), { client_id: 'two' }),
    ];
    await until('both ends', () => ids.every(({ prompt_id }) => socket.of(prompt_id).at(-1) === 'executing null'));
    const order = socket.messages.flatMap(({ data }) => data.prompt_id ?? []);
    expect(order.filter((id, index) => id !== order[index - 1])).toHaveLength(2);
    await socket.close();
  });

  test('gets pictures over the socket that a node sends there, and not in the history', async () => {
    const prompt = {
      ...picture(),
      save_image_websocket_node: { class_type: 'SaveImageWebsocket', inputs: { images: ['2', 0] } },
    };
    const socket = await program.listen('images');
    const { prompt_id } = await program.run(prompt, { client_id: 'images' });
    await socket.heard('executing null');
    const frame = socket.frames.at(-1);
    expect([frame?.readUInt32BE(0), frame?.readUInt32BE(4)]).toEqual([1, 2]);
    expect(frame?.subarray(8, 12).toString('latin1')).toBe('\x89PNG');
    const { body } = await program.json(`/history/${prompt_id}`);
    expect(Object.keys(Object(body[prompt_id]).outputs)).toEqual(['9']);
    await socket.close();
  });

  test('hears nothing of others, by whichever id', async () => {
    const bens = await programOf(product, ben!);
    const theirs = await bens.listen('same');
    const { prompt_id } = await program.run(picture(), { client_id: 'same' });
    await program.ended(prompt_id);
    const own = await bens.run(picture(), { client_id: 'same' });
    await theirs.heard('executing null');
    expect(theirs.of(own.prompt_id).at(-1)).toBe('executing null');
    expect(theirs.of(prompt_id)).toEqual([]);
    await theirs.close();
  });
});

describe('a page', () => {
  test('is answered its flags, sees a run as it goes, and that it waits for a machine', async () => {
    const comfyui = await comfyuiOf(product, ada!);
    const clientId = randomUUID();
    const cookie = comfyui.cookie();
    const address = `${product.comfyuiUrl}/api/ws?clientId=${clientId}`;
    const socket = await listenAt(address, { cookie });
    socket.send(FLAGS);
    await socket.heard('feature_flags');
    await product.fleet().control.setFaults({ swallow: true });
    const posted = await comfyui.fetch('/api/prompt', {
      method: 'POST',
      body: JSON.stringify({ prompt: picture({ batch: 2 }), client_id: clientId }),
    });
    const { prompt_id } = await posted.json();
    await socket.heard('notification');
    await product.fleet().control.setFaults({ nodes: [], swallow: false });
    await ada!.api.jobs.cancel.mutate({ id: prompt_id });
    await socket.heard('executing null');
    expect(socket.of(prompt_id).slice(-2)).toEqual(['execution_interrupted', 'executing null']);
    await socket.close();
  });

  test('reloaded in mid-run hears of it from the beginning', async () => {
    await hold();
    const first = await program.listen('page');
    first.send(FLAGS);
    const { prompt_id } = await program.run(picture(), { client_id: 'page' });
    await first.heard('execution_start');
    await first.close();
    const second = await program.listen('page');
    second.send(FLAGS);
    await second.heard('execution_start');
    await product.fleet().control.setFaults({ nodes: [], swallow: false });
    await second.heard('executing null');
    expect(second.of(prompt_id).slice(-2)).toEqual(END);
    await second.close();
  });

  test('is closed with its session', async () => {
    const browser = product.visitor();
    await browser.api.session.login.mutate({ name: ben!.name, password: ben!.passphrase });
    const comfyui = await comfyuiOf(product, browser);
    const socket = await listenAt(`${product.comfyuiUrl}/ws`, { cookie: comfyui.cookie() });
    await browser.api.session.logout.mutate();
    expect(await socket.closed).toMatchObject({ reason: 'signed out' });
  });

  test.each([
    ['nobody', '/ws', {}, 401],
    ['another page', '/ws', { origin: 'http://other.test' }, 403],
    ['a page without an origin', '/ws', { origin: 'null' }, 403],
  ])('%s has no socket', async (_, path, headers, status) => {
    await expect(listenAt(`${product.comfyuiUrl}${path}`, headers)).rejects.toThrow(String(status));
  });
});

test('nothing went wrong that nobody expected', () => expect(product.wentWrong()).toEqual([]));
