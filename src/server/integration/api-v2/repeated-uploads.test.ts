import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { blake3 } from 'hash-wasm';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { apiNewAsset } from '#src/domain/api-v2/schemas.ts';
import { type ApiV2Program, apiV2Program } from '../testing/api-v2-program.ts';
import { picture } from '../testing/graphs.ts';
import { type KillableProduct, killableProduct } from '../testing/killable-product.ts';
import { OPERATOR, signIn } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { type Visitor, visitor } from '../testing/visitor.ts';

let product: KillableProduct;
let ada: Visitor;
let program: ApiV2Program;
beforeAll(async () => {
  product = await killableProduct();
  ada = visitor(product.url);
  await signIn(ada, OPERATOR);
  program = await apiV2Program(product, ada);
});
afterAll(async () => void (await product.stop()));

const newPicture = (width = 24): Promise<Buffer> =>
  sharp(randomBytes(width * width * 3), { raw: { width, height: width, channels: 3 } })
    .png()
    .toBuffer();
const said = z.looseObject({ error: z.object({ code: z.string() }).optional() });

async function send(key: string | null, bytes: Uint8Array, name: string, fields: Record<string, string> = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries({ file_path: name, ...fields })) form.append(field, value);
  form.append('file', new Blob([new Uint8Array(bytes)]), 'a.png');
  const response = await fetch(`${product.url}/api/v2/assets`, {
    method: 'POST',
    headers: { authorization: program.authorization, ...(key !== null && { 'idempotency-key': key }) },
    body: form,
  });
  const body = said.parse(await response.json());
  const replayed = response.headers.get('idempotency-replayed');
  return { status: response.status, replayed, body, code: body.error?.code };
}
async function added(...args: Parameters<typeof send>) {
  const { status, replayed, body } = await send(...args);
  const { id, created_new, file_path } = apiNewAsset.parse(body);
  return { status, replayed, id, created_new, file_path };
}

/** Sends the head of a form and of its file, and the rest when it is told to. */
function beginUpload(key: string, bytes: Uint8Array, name: string) {
  const mark = 'mark';
  const head = `--${mark}\r\ncontent-disposition: form-data; name="file_path"\r\n\r\n${name}\r\n--${mark}\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n`;
  const headers = {
    authorization: program.authorization,
    'idempotency-key': key,
    'content-type': `multipart/form-data; boundary=${mark}`,
  };
  const sending = request(`${product.url}/api/v2/assets`, { method: 'POST', headers });
  const cut = once(sending, 'error').then(() => 'cut' as const);
  const answered = once(sending, 'response').then(async ([response]) => apiNewAsset.parse(await json(response)));
  answered.catch(() => undefined);
  sending.write(Buffer.concat([Buffer.from(head), bytes.subarray(0, 100)]));
  return {
    cut,
    async finish() {
      sending.end(Buffer.concat([bytes.subarray(100), Buffer.from(`\r\n--${mark}--\r\n`)]));
      return answered;
    },
  };
}
const arriving = () =>
  until('the upload to arrive', async () => {
    const incoming = join(product.folders.sfs, 'inputs/.incoming');
    return (await readdir(incoming).catch(() => [])).length > 0;
  });

test('the same key and content are answered as before, and nothing is added; anything else is refused', async () => {
  const [bytes, others] = [await newPicture(), await newPicture()];
  const first = await added('upload', bytes, 'photo.png');
  expect(first).toMatchObject({ status: 201, replayed: null, created_new: true });
  expect(await added('upload', bytes, 'photo.png')).toEqual({ ...first, replayed: 'true' });
  const reuse = { status: 422, code: 'idempotency_key_reuse', replayed: null };
  expect(await send('upload', others, 'photo.png')).toMatchObject(reuse);
  expect(await send('upload', bytes, 'other.png')).toMatchObject(reuse);
  expect(await send('upload', bytes, 'photo.png', { content_type: 'image/png' })).toMatchObject(reuse);
  const asJob = await program.post({ workflow: picture() }, { 'idempotency-key': 'upload' });
  expect([asJob.status, asJob.body]).toMatchObject([422, { error: { code: 'idempotency_key_reuse' } }]);
  expect(await added('upload', bytes, 'photo.png')).toEqual({ ...first, replayed: 'true' });

  // Of content that was there: under another name, and the very same.
  const renamed = await added('renamed', bytes, 'renamed.png');
  expect(renamed).toMatchObject({ status: 200, created_new: false, file_path: 'renamed.png' });
  expect(await added('renamed', bytes, 'renamed.png')).toEqual({ ...renamed, replayed: 'true' });
  const same = await added('same', bytes, 'photo.png');
  expect(same).toEqual({ ...first, status: 200, created_new: false });
  expect(await added('same', bytes, 'photo.png')).toEqual({ ...same, replayed: 'true' });
  expect(await added('upload', bytes, 'photo.png')).toEqual({ ...first, replayed: 'true' });
  expect((await ada.api.inputs.list.query()).items.map(({ name }) => name).sort()).toEqual([
    'photo.png',
    'renamed.png',
  ]);
});

test('what is refused gives its key back', async () => {
  const bytes = await newPicture();
  const wrong = { expected_hash: `blake3:${await blake3('other')}` };
  expect(await send('refused', bytes, 'refused.png', wrong)).toMatchObject({ status: 409, code: 'hash_mismatch' });
  expect(await send('refused', Buffer.from('words'), 'refused.png')).toMatchObject({ code: 'invalid_request' });
  expect(await added('refused', bytes, 'refused.png')).toMatchObject({ status: 201, replayed: null });
});

test('where there is no room for more, what was added is still answered', async () => {
  const bytes = await newPicture(700);
  const first = await added('full', bytes, 'full.png');
  const { settings } = ada.api.admin;
  const { inputBytesPerParticipant } = await settings.get.query();
  await settings.change.mutate({ inputBytesPerParticipant: 1_000_000 });
  try {
    expect(await send('more', await newPicture(), 'more.png')).toMatchObject({ status: 413, code: 'too_large' });
    expect(await added('full', bytes, 'full.png')).toEqual({ ...first, replayed: 'true' });
  } finally {
    await settings.change.mutate({ inputBytesPerParticipant });
  }
});

test('while it arrives, another with its key is refused; killed meanwhile, it can be sent again', async () => {
  const [bytes, others] = [await newPicture(), await newPicture()];
  const first = beginUpload('slow', bytes, 'slow.png');
  await arriving();
  expect(await send('slow', bytes, 'slow.png')).toMatchObject({ status: 409, code: 'idempotency_conflict' });
  const { id } = await first.finish();
  expect(await added('slow', bytes, 'slow.png')).toMatchObject({ status: 201, replayed: 'true', id });

  const lost = beginUpload('lost', others, 'lost.png');
  await arriving();
  await product.killAndStart();
  expect(await lost.cut).toBe('cut');
  expect(await added('lost', others, 'lost.png')).toMatchObject({ status: 201, replayed: null, created_new: true });
  expect(await added('slow', bytes, 'slow.png')).toMatchObject({
    status: 201,
    replayed: 'true',
    id,
    created_new: true,
  });
  expect(await send('slow', others, 'slow.png')).toMatchObject({ status: 422, code: 'idempotency_key_reuse' });
});
