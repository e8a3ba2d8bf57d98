import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { reasonSentence } from '#src/domain/messages/reasons.ts';
import { expiredKey } from '#src/simulator/nodes/custom/scripted.ts';
import { apiV2Program } from '../testing/api-v2-program.ts';
import { programOf } from '../testing/comfyui-program.ts';
import { type KillableProduct, killableProduct } from '../testing/killable-product.ts';
import { OPERATOR, signIn } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { visitor } from '../testing/visitor.ts';

let product: KillableProduct;
beforeAll(async () => {
  product = await killableProduct({
    PUBLIC_URL: 'http://127.0.0.1',
    COMFYUI_ORIGIN: 'http://localhost',
    LOG_LEVEL: 'trace',
  });
});
afterAll(async () => void (await product.stop()));

const KEY = `comfyui-${randomUUID()}`;
const TOKEN = `token-${randomUUID()}`;
const KEYS = { api_key_comfy_org: KEY, auth_token_comfy_org: TOKEN };

/** Runs only with a key. */
const paid = (prompt = 'a fox') => ({
  '1': { class_type: 'KlingTextToVideoNode', inputs: { prompt } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'paid' } },
});

/** The files below this folder that hold one of the keys, as text. */
async function filesWithKeys(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // PostgreSQL has its files elsewhere.
  if (inject('postgresql') === null) expect(paths.some((path) => path.includes('.db'))).toBe(true);
  const found: string[] = [];
  for (const path of paths) {
    // What goes away meanwhile holds nothing.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (bytes.includes(KEY) || bytes.includes(TOKEN)) found.push(path);
  }
  return found;
}

test('keys of Comfy accounts reach the worker and no disk and no log, and do not survive the server', async () => {
  const { url, folders, fleet } = product;
  const operator = visitor(url);
  await signIn(operator, OPERATOR);
  await operator.api.admin.settings.change.mutate({ allowedExtraData: Object.keys(KEYS), dispatchPaused: true });
  const [made] = await operator.api.admin.participants.create.mutate({ names: ['Ada'] });
  const ada = visitor(url);
  await signIn(ada, { name: 'Ada', password: made?.passphrase ?? '' });
  const apiV2 = await apiV2Program({ url }, ada);
  const comfyui = await programOf({ comfyuiUrl: url.replace('127.0.0.1', 'localhost') }, ada);
  const ended = (id: string) =>
    until(`the end of job ${id}`, async () => {
      const job = await ada.api.jobs.get.query({ id });
      return job.endedAt !== null && job;
    });
  /** Everything that can be read of it. */
  const told = async (id: string) => [
    await ada.api.jobs.get.query({ id }),
    await ada.api.jobs.graph.query({ id }),
    (await apiV2.ask(`/jobs/${id}`)).body,
    (await apiV2.ask(`/jobs/${id}/workflow`)).body,
    (await comfyui.json('/queue')).body,
    (await comfyui.json('/history')).body,
  ];
  const repeatable = { 'idempotency-key': 'once' };

  const byApi = (await apiV2.post({ workflow: paid(), extra_data: KEYS }, repeatable)).body.id;
  const ids = [
    (await ada.api.jobs.submit.mutate({ prompt: paid(), extra_data: KEYS })).id,
    (await comfyui.run(paid(), { extra_data: KEYS })).prompt_id,
    String(byApi),
  ];
  expect(await filesWithKeys(folders.root)).toEqual([]);
  for (const id of ids) expect(JSON.stringify(await told(id))).not.toMatch(`${KEY}|${TOKEN}`);
  await operator.api.admin.settings.change.mutate({ dispatchPaused: false });
  for (const id of ids) expect(await ended(id)).toMatchObject({ status: 'completed', warnings: [] });
  const again = await apiV2.post({ workflow: paid(), extra_data: { api_key_comfy_org: 'another' } }, repeatable);
  expect([again.status, again.body.id]).toEqual([201, byApi]);

  // A service that names the key in its refusal: it was the right one, and its owner sees the sentence without it.
  const refused = await ada.api.jobs.submit.mutate({ prompt: paid(expiredKey), extra_data: KEYS });
  expect(await ended(refused.id)).toMatchObject({
    status: 'failed',
    message: 'KlingTextToVideoNode stopped: Unauthorized: The key … has expired.',
  });
  // Of what has ended the key is gone: it is run again without one.
  const { id: without } = await ada.api.jobs.retry.mutate({ id: ids[0] ?? '' });
  expect((await ended(without)).message).toMatch('Please login first');

  await operator.api.admin.settings.change.mutate({ dispatchPaused: true });
  const lost = await apiV2.submit(paid(), { extra_data: KEYS });
  const taken = async () => (await fleet.state()).replicas.flatMap(({ executed }) => executed).length;
  const before = await taken();
  expect(await product.killAndStart()).not.toMatch(`${KEY}|${TOKEN}`);
  await operator.api.admin.settings.change.mutate({ dispatchPaused: false });
  expect(await ended(lost.id)).toMatchObject({
    status: 'failed',
    reason: 'key_forgotten',
    message: reasonSentence('key_forgotten', { attempts: 0 }),
    attempts: 0,
    canRetry: false,
  });
  expect((await apiV2.get(lost.id)).error).toMatchObject({ code: 'key_forgotten' });
  expect(await taken()).toBe(before);
  // Sent again, with the key, it runs.
  expect(await apiV2.ended((await apiV2.submit(paid(), { extra_data: KEYS })).id)).toMatchObject({
    status: 'succeeded',
  });
  expect(await filesWithKeys(folders.root)).toEqual([]);
  expect(await product.killAndStart()).not.toMatch(`${KEY}|${TOKEN}`);
});
