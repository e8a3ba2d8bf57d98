import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ComfyuiProgram, listenAt, programOf } from '../../testing/comfyui-program.ts';
import { picture } from '../../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../../testing/product-under-test.ts';
import { until } from '../../testing/until.ts';

// What programs do that cannot be run here, one request after the other.

let product: ProductUnderTest;
let program: ComfyuiProgram;
beforeAll(async () => {
  product = await productUnderTest({ fleet: { replicas: 1 }, config: { comfyuiPort: 0 } });
  program = await programOf(product, await product.participant('Ada'));
});
afterEach(() => product.fleet().control.setFaults({ nodes: [] }));
afterAll(() => product.stop());

const file = z.object({ filename: z.string(), subfolder: z.string(), type: z.string() });
const entry = z.looseObject({
  outputs: z.record(z.string(), z.looseObject({ images: z.array(file).default([]), gifs: z.array(file).default([]) })),
  status: z.looseObject({
    status_str: z.string(),
    messages: z.array(z.tuple([z.string(), z.looseObject({})])),
  }),
});
const history = z.record(z.string(), entry);
const filesOf = ({ outputs }: z.output<typeof entry>) =>
  Object.values(outputs).flatMap(({ images, gifs }) => [...images, ...gifs]);
const isPng = (bytes: ArrayBuffer) => Buffer.from(bytes).subarray(1, 4).toString() === 'PNG';

test('script_examples, basic: a prompt with an id of one’s own, and nothing else', async () => {
  const prompt_id = randomUUID();
  const response = await program.call('/prompt', {
    method: 'POST',
    body: JSON.stringify({ prompt: picture(), prompt_id }),
  });
  expect([response.status, await response.json()]).toMatchObject([200, { prompt_id }]);
  expect(filesOf(entry.parse(await program.ended(prompt_id)))).toHaveLength(1);
});

test('script_examples, websockets: reads until its prompt runs no node, then the history and the pictures', async () => {
  const clientId = randomUUID();
  const socket = await program.listen(clientId);
  const { prompt_id } = await program.run(picture({ batch: 2 }), { client_id: clientId, prompt_id: randomUUID() });
  await until('no node', () =>
    socket.messages.some(
      ({ type, data }) => type === 'executing' && data.node === null && data.prompt_id === prompt_id,
    ),
  );
  const found = history.parse((await program.json(`/history/${prompt_id}`)).body)[prompt_id];
  const files = found ? filesOf(found) : [];
  expect(files).toHaveLength(2);
  for (const one of files)
    expect(isPng(await (await program.call(`/view?${new URLSearchParams(one)}`)).arrayBuffer())).toBe(true);
  await socket.close();
});

test('Open WebUI: a Bearer token for the socket too, and addresses of pictures', async () => {
  const headers = { authorization: `Bearer ${program.token}` };
  const clientId = randomUUID();
  const socket = await listenAt(`${product.comfyuiUrl}/ws?clientId=${clientId}`, headers);
  const posted = await fetch(`${product.comfyuiUrl}/prompt`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: picture(), client_id: clientId }),
  });
  const { prompt_id } = z.object({ prompt_id: z.string() }).parse(await posted.json());
  await socket.heard('executing null');
  const answer = await fetch(`${product.comfyuiUrl}/history/${prompt_id}`, { headers });
  const [one] = filesOf(history.parse(await answer.json())[prompt_id]!);
  const picked = await fetch(`${product.comfyuiUrl}/view?${new URLSearchParams(one)}`, { headers });
  expect(isPng(await picked.arrayBuffer())).toBe(true);
  await socket.close();
});

test('SillyTavern: asks for the whole history again and again, until its prompt is in it', async () => {
  const waitFor = (prompt_id: string) =>
    until('the prompt in the history', async () => history.parse((await program.json('/history')).body)[prompt_id]);
  const done = await waitFor((await program.run(picture())).prompt_id);
  expect(done.status.status_str).toBe('success');
  const [one] = filesOf(done);
  expect(isPng(await (await program.call(`/view?${new URLSearchParams(one)}`)).arrayBuffer())).toBe(true);

  await product.fleet().control.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'ImageAddNoise', count: 1 }] });
  const failed = await waitFor((await program.run(picture())).prompt_id);
  expect(failed.status.status_str).toBe('error');
  expect(failed.status.messages.find(([name]) => name === 'execution_error')?.[1]).toMatchObject({
    node_type: 'ImageAddNoise',
    node_id: '2',
    exception_type: expect.any(String),
    exception_message: expect.any(String),
  });
});
