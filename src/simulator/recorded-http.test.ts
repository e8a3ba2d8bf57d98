import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import info from './fixtures/recorded/http/info.json' with { type: 'json' };
import promptInvalid from './fixtures/recorded/http/prompt_invalid.json' with { type: 'json' };
import promptValid from './fixtures/recorded/http/prompt_valid.json' with { type: 'json' };
import settings from './fixtures/recorded/http/settings_userdata.json' with { type: 'json' };
import uploadView from './fixtures/recorded/http/upload_view.json' with { type: 'json' };
import { startReplica, type TestReplica } from './replica.testing.ts';

const multipart = z.object({
  file_field: z.string(),
  filename: z.string(),
  file_bytes: z.number().nullable(),
  overwrite: z.string().optional(),
  subfolder: z.string().optional(),
  type: z.string().optional(),
  original_ref: z.string().optional(),
});
const recordingSchema = z.object({
  name: z.string(),
  request: z.object({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()).default({}),
    json: z.unknown().optional(),
    text: z.string().optional(),
    body: z.object({ multipart }).optional(),
    body_bytes: z.number().optional(),
  }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    json: z.unknown().optional(),
    text: z.string().optional(),
    base64: z.string().optional(),
    omitted_bytes: z.number().optional(),
  }),
  api_prefix: z.unknown().optional(),
});
type Recording = z.infer<typeof recordingSchema>;
const recordings = (raw: unknown): Recording[] => z.array(recordingSchema).parse(raw);

/** Differ from run to run, or describe the machine and not the server. */
const volatile: { [key: string]: string } = {
  prompt_id: 'id',
  ram_total: 'size',
  ram_free: 'size',
  vram_total: 'size',
  vram_free: 'size',
  torch_vram_total: 'size',
  torch_vram_free: 'size',
  argv: 'command line',
  python_version: 'version',
  pytorch_version: 'version',
  name: 'name',
  type: 'type',
  index: 'index',
  folders: 'paths',
};

const inAnyOrder = (value: unknown): string[] => z.array(z.string()).parse(value).sort();

function normal(value: unknown, keys: { [key: string]: string }): unknown {
  if (Array.isArray(value)) return value.map((item) => normal(item, keys));
  if (typeof value === 'string') return value.replace(/ {4}.*\n/g, '    <source line>\n').replace(/, in \w+/g, '');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key in keys ? keys[key] : key === 'dependent_outputs' ? inAnyOrder(item) : normal(item, keys),
    ]),
  );
}

function formOf(fields: z.infer<typeof multipart>, picture: Buffer): FormData {
  const form = new FormData();
  if (fields.file_bytes !== null)
    form.append(fields.file_field, new Blob([padded(picture, fields.file_bytes)]), fields.filename);
  for (const name of ['overwrite', 'subfolder', 'type', 'original_ref'] as const) {
    const value = fields[name];
    if (value !== undefined) form.append(name, value);
  }
  return form;
}

/** The recording contains only the lengths of the uploaded files; other files with other lengths do as well. */
const padded = (picture: Buffer, size: number): Uint8Array<ArrayBuffer> => {
  const bytes = size === 5 ? Buffer.from('hello') : Buffer.concat([picture, Buffer.alloc(size)]);
  return new Uint8Array(bytes);
};

describe('HTTP as recorded', () => {
  let replica: TestReplica;
  let picture: Buffer;
  beforeAll(async () => {
    replica = await startReplica();
    picture = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#456' } })
      .png()
      .toBuffer();
  });
  afterAll(() => replica.stop());

  async function send({ request }: Recording, prefix = ''): Promise<Response> {
    const { method, json, text, body, body_bytes } = request;
    const headers = body ? {} : request.headers;
    const sent = body
      ? formOf(body.multipart, picture)
      : body_bytes
        ? new Uint8Array(body_bytes).fill(32)
        : json === undefined
          ? text
          : JSON.stringify(json);
    return fetch(`${replica.url}${prefix}${request.path}`, {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent }),
    });
  }

  /** Replays one recording and compares everything in the response that does not change from run to run. */
  async function play(recording: Recording, keys = volatile): Promise<void> {
    const { response: recorded } = recording;
    const answer = await send(recording);
    expect(answer.status).toBe(recorded.status);
    for (const name of ['Content-Type', 'Content-Disposition', 'Allow', 'Content-Range', 'Accept-Ranges']) {
      // aiohttp names a type on an empty 304; fetch shows none of them.
      if (recorded.status !== 304 && recorded.headers[name] !== undefined) {
        expect.soft(answer.headers.get(name), name).toBe(recorded.headers[name]);
      }
    }
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (recorded.json !== undefined) {
      expect(normal(JSON.parse(bytes.toString()), keys)).toEqual(normal(recorded.json, keys));
    } else if (recorded.text !== undefined && recorded.status !== 413) {
      expect(bytes.toString()).toBe(recorded.text);
    } else if (recorded.base64 !== undefined) {
      expect(bytes.toString('base64')).toBe(recorded.base64);
    }
  }

  /** The recorded server had no node packs. */
  const own = new Set([
    'GET /extensions',
    'GET /i18n',
    'GET /workflow_templates',
    'GET /object_info (all; body in ../object_info.json)',
  ]);
  test.each(recordings(info).filter(({ name }) => !own.has(name)))('info: $name', (recording) => {
    const keys =
      recording.request.path === '/system_stats' || recording.request.path === '/experiment/models' ? volatile : {};
    return play(recording, recording.request.path === '/internal/folder_paths' ? folderNames(recording) : keys);
  });

  const folderNames = ({ response }: Recording): { [key: string]: string } =>
    Object.fromEntries(
      Object.keys(z.record(z.string(), z.unknown()).parse(response.json)).map((name) => [name, 'paths']),
    );

  test('GET /object_info lists every recorded class as it was, and custom nodes beside them', async () => {
    const recorded = z
      .record(z.string(), z.unknown())
      .parse((await import('./fixtures/object_info.json', { with: { type: 'json' } })).default);
    const answer = z
      .record(z.string(), z.unknown())
      .parse(await (await fetch(`${replica.url}/api/object_info`)).json());
    expect(Object.fromEntries(Object.keys(recorded).map((name) => [name, answer[name]]))).toEqual(recorded);
    const others = Object.keys(answer).filter((name) => !(name in recorded));
    for (const name of others)
      expect(answer[name]).toMatchObject({ python_module: expect.stringMatching(/^custom_nodes\./) });
  });

  describe('POST /prompt, in the order of the recording on a fresh process', () => {
    let fresh: TestReplica;
    beforeAll(async () => {
      fresh = replica;
      replica = await startReplica();
    });
    afterAll(async () => {
      await replica.stop();
      replica = fresh;
    });
    test.each(recordings(promptValid))('accepted: $name', async (recording) => {
      await play(
        recording,
        'prompt_id' in z.record(z.string(), z.unknown()).parse(recording.request.json ?? {}) ? {} : { prompt_id: 'id' },
      );
      if (recording.api_prefix) await send(recording, '/api');
    });
    test.each(recordings(promptInvalid))('refused: $name', (recording) =>
      play(recording, recording.response.status === 200 ? { prompt_id: 'id', number: 'number' } : {}),
    );
  });

  describe('files, in the order of the recording', () => {
    test.each(recordings(uploadView))('$name', async (recording) => {
      if (recording.name === 'view output file') {
        await replica.run({
          1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 1 } },
          2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'fx/view' } },
        });
        const then = new Date('2026-11-23T09:15:28Z');
        await utimes(path.join(replica.outputs, 'fx/view_00001_.png'), then, then);
      }
      const hasOwnSize = recording.request.headers.Range !== undefined;
      await play(hasOwnSize ? withoutSize(recording) : recording, {});
    });
    const withoutSize = (recording: Recording): Recording => {
      const { 'Content-Range': _own, ...headers } = recording.response.headers;
      return { ...recording, response: { ...recording.response, headers } };
    };
    test('only what was uploaded is in the input directory', async () => {
      expect((await readdir(replica.inputs)).sort()).toEqual([
        'a (1).png',
        'a.png',
        'c.png',
        'mask.png',
        'note.txt',
        'sub',
      ]);
    });
  });

  test.each(recordings(settings).filter(({ request }) => request.path.startsWith('/settings')))(
    'settings: $name',
    (recording) => play(recording, {}),
  );
});
