import { afterAll, beforeAll, expect, test } from 'vitest';
import { programOf } from '../../testing/comfyui-program.ts';
import { picture } from '../../testing/graphs.ts';
import { type KillableProduct, killableProduct } from '../../testing/killable-product.ts';
import { stableCanvas } from '../../testing/npm-clients.ts';
import { OPERATOR, signIn } from '../../testing/product-under-test.ts';
import { until } from '../../testing/until.ts';
import { visitor } from '../../testing/visitor.ts';

let product: KillableProduct;
beforeAll(async () => {
  product = await killableProduct({ PUBLIC_URL: 'http://127.0.0.1', COMFYUI_ORIGIN: 'http://localhost' });
});
afterAll(() => product.stop());

test('killed while jobs run: every client finishes once', async () => {
  const { url, fleet } = product;
  const operator = visitor(url);
  await signIn(operator, OPERATOR);
  await operator.api.admin.settings.change.mutate({ inFlightCap: 5 });
  const [made] = await operator.api.admin.participants.create.mutate({ names: ['Ada'] });
  const ada = visitor(url);
  await signIn(ada, { name: 'Ada', password: made?.passphrase ?? '' });
  const comfyuiUrl = url.replace('127.0.0.1', 'localhost');
  const program = await programOf({ comfyuiUrl }, ada);
  await fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });

  const stable = await stableCanvas(comfyuiUrl, program.token, 'stable-canvas');
  const first = await program.listen('raw');
  const page = await program.listen('page');
  page.send(JSON.stringify({ type: 'feature_flags', data: {} }));
  await page.heard('feature_flags');

  // One runs, the others wait behind it.
  const raw = await program.run(picture(), { client_id: 'raw' });
  await first.heard('execution_start');
  const seen = await program.run(picture(), { client_id: 'page' });
  const polled = await program.run(picture());
  const stableEnds: number[] = [];
  const stableEnd = stable.enqueue(picture()).then(({ images }) => stableEnds.push(images.length));
  await until('stable-canvas to wait for its results', () => stable.registered.includes('executed'));
  await until('all prompts to be there', async () => {
    const { body } = await program.json('/prompt');
    return Object(body.exec_info).queue_remaining === 4;
  });

  await product.killAndStart();
  await Promise.all([first.closed, page.closed]);
  await fleet.setFaults({ nodes: [] });
  const second = await program.listen('raw');
  await second.heard('executing null');
  expect(
    [...first.of(raw.prompt_id), ...second.of(raw.prompt_id)].filter((name) => name === 'execution_start'),
  ).toEqual(['execution_start']);
  expect(second.of(raw.prompt_id).slice(-3)).toEqual(['executed 9', 'execution_success', 'executing null']);
  const reloaded = await program.listen('page');
  reloaded.send(JSON.stringify({ type: 'feature_flags', data: {} }));
  await reloaded.heard('executing null');
  expect(reloaded.of(seen.prompt_id).filter((name) => name === 'execution_success')).toHaveLength(1);
  await stableEnd;
  expect(stableEnds).toEqual([1]);
  for (const { prompt_id } of [raw, seen, polled])
    expect(await program.ended(prompt_id)).toMatchObject({ status: { completed: true } });
  stable.close();
  await Promise.all([second.close(), reloaded.close()]);
});
