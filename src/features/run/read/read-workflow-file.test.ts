import {
  appendFileSync,
  mkdtempSync,
  openAsBlob,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { rewriteGraph } from '#src/domain/workflow/rewrite.ts';
import { readWorkflowFile } from './read-workflow-file.ts';

const RECORDINGS = join(import.meta.dirname, '../../../domain/formats/fixtures');
const prompt = {
  '1': { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
  '9': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'film/Größe' } },
};
const workflow = { nodes: [{ id: 1 }], links: [], said: 'ünï' };
const TEXTS = { prompt: JSON.stringify(prompt), workflow: JSON.stringify(workflow) };

const fileOf = (name: string, bytes: Uint8Array | string, type = ''): File =>
  new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name, { type });
const picture = () => sharp({ create: { width: 8, height: 8, channels: 3, background: 'navy' } });

function chunk(type: string, ...parts: (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const edges = Buffer.alloc(8);
  edges.writeUInt32BE(body.length, 0);
  edges.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([edges.subarray(0, 4), typed, edges.subarray(4)]);
}
async function pngWith(...chunks: Buffer[]): Promise<Buffer> {
  const png = await picture().png().toBuffer();
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}
const ascii = { ...prompt, '9': { ...prompt['9'], inputs: { images: ['1', 0], filename_prefix: 'film/shot' } } };
const asciiExif = { IFD0: { Model: `prompt:${JSON.stringify(ascii)}`, Make: 'workflow:{"nodes":[]}' } };

describe('files that ComfyUI itself wrote', () => {
  const carrying = readdirSync(RECORDINGS).filter((name) => /\.(png|webp|mp4|webm|flac|mp3|opus)$/.test(name));

  test.each(carrying.filter((name) => !name.includes('no_extra')))('%s', async (name) => {
    const read = await readWorkflowFile(fileOf(name, readFileSync(join(RECORDINGS, name))));
    expect(read).toMatchObject({ ok: true });
    const nodes = read.ok ? Object.values(read.prompt).map((node) => node.class_type) : [];
    expect(nodes.length).toBeGreaterThan(1);
  });
});

describe('every way in which a workflow stands in a file', () => {
  test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
    ['tEXt', () => pngWith(chunk('tEXt', 'prompt\0', TEXTS.prompt), chunk('tEXt', 'workflow\0', TEXTS.workflow))],
    [
      'zTXt',
      () =>
        pngWith(chunk('zTXt', 'prompt\0\0', deflateSync(TEXTS.prompt)), chunk('tEXt', 'workflow\0', TEXTS.workflow)),
    ],
    [
      'iTXt',
      () =>
        pngWith(
          chunk('iTXt', 'prompt\0', Buffer.from([1, 0]), '\0\0', deflateSync(TEXTS.prompt)),
          chunk('iTXt', 'workflow\0', Buffer.from([0, 0]), '\0\0', TEXTS.workflow),
        ),
    ],
  ])('PNG with %s', async (_, bytes) => {
    expect(await readWorkflowFile(fileOf('a.png', await bytes(), 'image/png'))).toEqual({ ok: true, prompt, workflow });
  });

  test.each(['webp', 'jpeg'] as const)('%s with Exif', async (kind) => {
    const bytes = await picture().withExif(asciiExif).toFormat(kind).toBuffer();
    const read = await readWorkflowFile(fileOf(`a.${kind}`, bytes, `image/${kind}`));
    expect(read).toEqual({ ok: true, prompt: ascii, workflow: { nodes: [] } });
  });

  test('whatever the file is called', async () => {
    const bytes = await pngWith(chunk('tEXt', 'prompt\0', TEXTS.prompt));
    expect(await readWorkflowFile(fileOf('download', bytes))).toMatchObject({ ok: true, prompt });
  });

  test('what was rewritten for an attempt is as it was submitted', async () => {
    const sent = rewriteGraph(prompt, '0f9e8d7c-1234-4abc-8def-001122334455', { version: null }, 0).prompt;
    const bytes = await pngWith(chunk('tEXt', 'prompt\0', JSON.stringify(sent)));
    expect(await readWorkflowFile(fileOf('a.png', bytes))).toMatchObject({ ok: true, prompt });
  });

  test('JSON of both formats', async () => {
    expect(await readWorkflowFile(fileOf('a.json', TEXTS.prompt))).toMatchObject({ ok: true, prompt });
    expect(await readWorkflowFile(fileOf('a.json', TEXTS.workflow))).toMatchObject({
      ok: false,
      what: 'editor',
      workflow,
    });
  });
});

describe('what cannot be run', () => {
  test.each<[string, () => Promise<File>, string, RegExp]>([
    [
      'a picture without',
      async () => fileOf('photo.jpg', await picture().jpeg().toBuffer()),
      'media',
      /“photo.jpg” contains no workflow/,
    ],
    [
      'a film without',
      async () => fileOf('a.mp4', '\0\0\0\x18ftypisom', 'video/mp4'),
      'media',
      /“a.mp4” contains no workflow/,
    ],
    ['a picture of another kind', async () => fileOf('a.gif', 'GIF89a', 'image/gif'), 'media', /contains no workflow/],
    [
      'the editor’s workflow only',
      async () => fileOf('a.png', await pngWith(chunk('tEXt', 'workflow\0', TEXTS.workflow))),
      'editor',
      /editor format/,
    ],
    ['a text', async () => fileOf('a.txt', 'hello'), 'unknown', /not JSON/],
    [
      'packed to more than anybody has',
      async () =>
        fileOf('a.png', await pngWith(chunk('zTXt', 'prompt\0\0', deflateSync(Buffer.alloc(17 * 1024 * 1024))))),
      'media',
      /contains no workflow/,
    ],
    [
      'not packed as it says',
      async () => fileOf('a.png', await pngWith(chunk('zTXt', 'prompt\0\0', 'x'))),
      'media',
      /./,
    ],
    ['cut short', async () => fileOf('a.png', (await pngWith()).subarray(0, 20)), 'media', /contains no workflow/],
    ['a large text', async () => fileOf('a.json', `{"a":"${'x'.repeat(9_000_000)}"}`), 'unknown', /larger than 8 MB/],
  ])('%s', async (_, file, what, why) => {
    const read = await readWorkflowFile(await file());
    expect(read).toMatchObject({ ok: false, what });
    expect(read.ok ? '' : read.why).toMatch(why);
  });

  test('a film of 3 GB is not read whole', async () => {
    const film = readFileSync(join(RECORDINGS, 'video_00001_.mp4'));
    const first = film.readUInt32BE(0);
    const free = Buffer.alloc(16);
    free.writeUInt32BE(1, 0);
    free.write('free', 4);
    free.writeBigUInt64BE(3_000_000_000n, 8);
    const dir = mkdtempSync(join(tmpdir(), 'comfyume-film-'));
    const path = join(dir, 'film.mp4');
    writeFileSync(path, Buffer.concat([film.subarray(0, first), free]));
    truncateSync(path, first + 3_000_000_000);
    appendFileSync(path, film.subarray(first));
    const bytes = await openAsBlob(path);
    expect(await readWorkflowFile(new File([bytes], 'film.mp4', { type: 'video/mp4' }))).toMatchObject({ ok: true });
    rmSync(dir, { recursive: true });
  });
});
