import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allWritten, readWritten } from './written.ts';

/** A tEXt chunk as a worker writes it; nobody here looks at its checksum. */
function text(key: string, value: unknown): Buffer {
  const body = Buffer.from(`${key}\0${JSON.stringify(value)}`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, Buffer.from('tEXt'), body, Buffer.alloc(4)]);
}

let folder = '';
let plain = Buffer.alloc(0);
let told = Buffer.alloc(0);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comfyume-written-'));
  plain = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  const afterHeader = 8 + 25;
  told = Buffer.concat([
    plain.subarray(0, afterHeader),
    text('prompt', { '1': { class_type: 'EmptyImage', inputs: { color: 17 } } }),
    text('comfyume_job', 'job-1'),
    plain.subarray(afterHeader),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a picture tells its job and what was rendered', () => {
  expect(readWritten('x', told)).toMatchObject({ jobId: 'job-1', serial: 17, whole: true });
  expect(readWritten('x', plain)).toMatchObject({ jobId: null, serial: null, whole: true });
});

test('a picture that was cut is not whole, and may still tell its job', () => {
  expect(readWritten('x', told.subarray(0, -12))).toMatchObject({ jobId: 'job-1', whole: false });
  expect(readWritten('x', told.subarray(0, 20))).toMatchObject({ jobId: null, whole: false });
  expect(readWritten('x', Buffer.alloc(0))).toMatchObject({ whole: false });
});

test('every file below a folder is found', async () => {
  await writeFile(join(folder, 'b.png'), plain);
  await writeFile(join(folder, 'a.png'), told);
  expect((await allWritten(folder)).map(({ path }) => path)).toEqual(['a.png', 'b.png']);
});
