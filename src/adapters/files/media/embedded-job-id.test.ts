import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileType } from '#src/domain/formats/reading/verdict.ts';
import { readEmbeddedJobId } from './embedded-job-id.ts';

const RECORDINGS = join(import.meta.dirname, '../../../domain/formats/fixtures');
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const TYPES: Readonly<Record<string, FileType>> = {
  png: { kind: 'image', mime: 'image/png' },
  webp: { kind: 'image', mime: 'image/webp' },
  jpg: { kind: 'image', mime: 'image/jpeg' },
  mp4: { kind: 'video', mime: 'video/mp4' },
  webm: { kind: 'video', mime: 'video/webm' },
  flac: { kind: 'audio', mime: 'audio/flac' },
  mp3: { kind: 'audio', mime: 'audio/mpeg' },
  opus: { kind: 'audio', mime: 'audio/ogg' },
  latent: { kind: 'model', mime: 'application/octet-stream' },
  svg: { kind: 'image', mime: 'image/svg+xml' },
  glb: { kind: 'model', mime: 'model/gltf-binary' },
};
const typeOf = (name: string): FileType => TYPES[name.split('.').at(-1) ?? ''] ?? { kind: 'other', mime: '' };

const carrying = (await readdir(RECORDINGS)).filter((name) => !/^(image_0|image_no|batch)/.test(name));

test.each(carrying)('%s carries the key that its graph was sent with', async (name) => {
  const text = await readEmbeddedJobId(join(RECORDINGS, name), typeOf(name), 'qm_job');
  expect(JSON.parse(text ?? '')).toEqual({ job_id: '3f2b6c1e-0000-4000-8000-00000000abcd', user: 'ünï' });
});

test.each(await readdir(RECORDINGS))('%s carries no id of ours', async (name) => {
  expect(await readEmbeddedJobId(join(RECORDINGS, name), typeOf(name))).toBeNull();
});

const glb = (json: string): Buffer => {
  const head = Buffer.from('glTF\x02\0\0\0\0\0\0\0\0\0\0\0JSON', 'latin1');
  head.writeUInt32LE(20 + json.length, 8);
  head.writeUInt32LE(json.length, 12);
  return Buffer.concat([head, Buffer.from(json)]);
};
const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'navy' } })
  .withExif({ IFD0: { Make: 'comfyume_job:"abc"' } })
  .jpeg()
  .toBuffer();
const made: [name: string, content: Buffer | string, id: string | null][] = [
  ['a.svg', '<svg><metadata><![CDATA[{"prompt": {}, "comfyume_job": "abc"}]]></metadata></svg>', 'abc'],
  ['b.svg', '<svg><metadata><![CDATA[not json]]></metadata></svg>', null],
  ['c.svg', '<svg><metadata>', null],
  ['a.glb', glb('{"asset": {"version": "2.0", "extras": {"comfyume_job": "\\"abc\\""}}}'), 'abc'],
  ['b.glb', glb('{"asset": {"version": "2.0"}}'), null],
  ['c.glb', 'glTF', null],
  ['a.jpg', jpeg, 'abc'],
  ['b.jpg', '\xff\xd8\xff', null],
  ['a.mp4', 'no film at all', null],
  ['a.png', '\x89PNG', null],
  ['a.webp', 'RIFF', null],
  ['a.latent', '\xff\xff', null],
  ['a.txt', '"comfyume_job"', null],
];
describe('a file that cannot be read is not one without an id', () => {
  const types = Object.keys(TYPES).map((ending) => `gone.${ending}`);

  // A folder can be opened as a file, and reading from it fails.
  test.each(types)('%s', async (name) => {
    await mkdir(join(dir, name));
    await expect(readEmbeddedJobId(join(dir, name), typeOf(name))).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('EISDIR'),
    });
    await rm(join(dir, name), { recursive: true });
    await expect(readEmbeddedJobId(join(dir, name), typeOf(name))).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('ENOENT'),
    });
  });
});

test.each(made)('%s with %o', async (name, content, id) => {
  await writeFile(join(dir, name), content);
  expect(await readEmbeddedJobId(join(dir, name), typeOf(name))).toBe(id);
});
