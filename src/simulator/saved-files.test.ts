import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import recordedOutputs from './fixtures/recorded/outputs_by_node.json' with { type: 'json' };
import recordedPrefixes from './fixtures/recorded/prefix_cases.json' with { type: 'json' };
import { startReplica, type TestReplica, until } from './replica.testing.ts';

const outputsSchema = z.array(
  z.object({
    name: z.string(),
    request: z.looseObject({
      prompt: z.record(z.string(), z.unknown()),
      extra_data: z.looseObject({ extra_pnginfo: z.record(z.string(), z.unknown()) }).optional(),
    }),
    history_outputs: z.record(z.string(), z.record(z.string(), z.array(z.unknown()))),
  }),
);
const prefixSchema = z.array(
  z.object({
    filename_prefix: z.string(),
    runs: z.number(),
    batch_size: z.number(),
    image: z.tuple([z.number(), z.number()]),
    files_before: z.array(z.string()),
    ui_output_per_run: z.array(z.union([z.array(z.unknown()), z.object({ error: z.string() })])),
    files_after_in_D: z.array(z.string()),
  }),
);

function pngChunks(bytes: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const length = bytes.readUInt32BE(at);
    chunks.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
  }
  return chunks;
}

const entriesOf = (type: string, bytes: Buffer): { [key: string]: string } =>
  Object.fromEntries(
    pngChunks(bytes)
      .filter((chunk) => chunk.type === type)
      .map(({ data }) => [data.toString('latin1', 0, data.indexOf(0)), data.toString('latin1', data.indexOf(0) + 1)]),
  );

const probeSchema = z.object({
  format: z.object({ tags: z.record(z.string(), z.string()).default({}) }),
  streams: z.array(
    z.looseObject({
      codec_name: z.string(),
      nb_read_frames: z.string(),
      tags: z.record(z.string(), z.string()).default({}),
    }),
  ),
});
const probe = (file: string): z.infer<typeof probeSchema> =>
  probeSchema.parse(
    JSON.parse(
      execFileSync('ffprobe', ['-v', 'error', '-count_frames', '-show_format', '-show_streams', '-of', 'json', file], {
        encoding: 'utf8',
      }),
    ),
  );

function webpExif(bytes: Buffer): { [key: string]: string } {
  const at = bytes.indexOf('EXIF');
  const tiff = bytes.subarray(at + 8 + 6, at + 8 + bytes.readUInt32LE(at + 4));
  const found: { [key: string]: string } = {};
  for (let index = 0; index < tiff.readUInt16BE(8); index++) {
    const entry = 10 + index * 12;
    const start = tiff.readUInt32BE(entry + 8);
    const text = tiff.toString('latin1', start, start + tiff.readUInt32BE(entry + 4) - 1);
    found[`${tiff.readUInt16BE(entry).toString(16)} ${text.slice(0, text.indexOf(':'))}`] = text.slice(
      text.indexOf(':') + 1,
    );
  }
  return found;
}

const boxes = (bytes: Buffer): string[] => {
  const names = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at))
    names.push(bytes.toString('latin1', at + 4, at + 8));
  return names;
};

/** Without ffmpeg, the nodes that need it fail with a message; the rest is tested. */
const hasFfmpeg = spawnSync('ffprobe', ['-version']).status === 0;
const needFfmpeg = new Set(['SaveWEBM', 'SaveAudioMP3', 'SaveAudioOpus']);

describe('files that save nodes write', () => {
  let replica: TestReplica;
  beforeAll(async () => {
    replica = await startReplica();
  });
  afterAll(() => replica.stop());

  const normal = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replace(/ComfyUI_temp_[a-z]{5}/g, 'ComfyUI_temp_xxxxx'));

  describe('each output node reports what was recorded', () => {
    test.each(outputsSchema.parse(recordedOutputs).filter(({ name }) => hasFfmpeg || !needFfmpeg.has(name)))(
      '$name',
      async ({ request, history_outputs }) => {
        const { prompt, ...more } = request;
        const { outputs, status } = await replica.run(prompt, more);
        expect(status.status_str).toBe('success');
        expect(normal(outputs)).toEqual(normal(history_outputs));
      },
    );

    const extras = { workflow: 'workflow', qm_job: 'qm_job' };
    const wanted = (name: string): { [key: string]: string } => {
      const { request } = outputsSchema.parse(recordedOutputs).find((entry) => entry.name === name) ?? {};
      const all = { prompt: request?.prompt, ...request?.extra_data?.extra_pnginfo };
      return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, JSON.stringify(value)]));
    };
    const sameJson = (found: { [key: string]: string }, name: string, rename = (key: string) => key): void => {
      const values = wanted(name);
      expect(Object.keys(values)).toEqual(['prompt', ...Object.keys(extras)]);
      for (const [key, value] of Object.entries(values)) {
        expect(JSON.parse(found[rename(key)] ?? 'null'), key).toEqual(JSON.parse(value));
        expect(found[rename(key)], 'ASCII only').toMatch(/^[\x20-\x7e]*$/);
      }
    };
    const read = (name: string): Promise<Buffer> => readFile(path.join(replica.outputs, 'files', name));

    test('metadata of PNG: tEXt before the picture', async () => {
      const bytes = await read('image_custom_key_00001_.png');
      sameJson(entriesOf('tEXt', bytes), 'SaveImage_custom_key');
      expect(pngChunks(bytes).map(({ type }) => type)).toEqual(['IHDR', 'tEXt', 'tEXt', 'tEXt', 'IDAT', 'IEND']);
      expect(entriesOf('tEXt', await read('image_no_extra_00001_.png'))).toHaveProperty('prompt');
    });
    test.skipIf(!hasFfmpeg)('metadata of APNG: comf after the pictures', async () => {
      const bytes = await read('anim_png_00001_.png');
      sameJson(entriesOf('comf', bytes), 'SaveAnimatedPNG');
      const types = pngChunks(bytes).map(({ type }) => type);
      expect(types.slice(-4)).toEqual(['comf', 'comf', 'comf', 'IEND']);
      expect(types.filter((type) => type === 'fcTL')).toHaveLength(4);
      expect(probe(path.join(replica.outputs, 'files/anim_png_00001_.png')).streams[0]?.nb_read_frames).toBe('4');
    });
    test('metadata of WEBP: EXIF, the prompt in 0x0110', async () => {
      const bytes = await read('anim_webp_00001_.webp');
      expect(bytes.readUInt32LE(4) + 8).toBe(bytes.length);
      const numbers: { [key: string]: string } = {
        prompt: '110 prompt',
        workflow: '10f workflow',
        qm_job: '10e qm_job',
      };
      sameJson(webpExif(bytes), 'SaveAnimatedWEBP', (key) => numbers[key] ?? key);
      expect(await sharp(bytes, { pages: -1 }).metadata()).toMatchObject({
        pages: 4,
        width: 64,
        pageHeight: 64,
        delay: [166, 166, 166, 166],
      });
    });
    test.skipIf(!hasFfmpeg)('metadata of MP4: keys; moov comes last', async () => {
      sameJson(probe(path.join(replica.outputs, 'files/video_00001_.mp4')).format.tags, 'SaveVideo');
      expect(boxes(await read('video_00001_.mp4'))).toEqual(['ftyp', 'free', 'mdat', 'moov']);
    });
    test.skipIf(!hasFfmpeg)('metadata of WEBM: upper case names', () => {
      sameJson(probe(path.join(replica.outputs, 'files/webm_00001_.webm')).format.tags, 'SaveWEBM', (key) =>
        key.toUpperCase(),
      );
    });
    test.skipIf(!hasFfmpeg)('metadata of FLAC, MP3 and Opus', () => {
      sameJson(probe(path.join(replica.outputs, 'files/audio_00001_.flac')).format.tags, 'SaveAudio');
      sameJson(probe(path.join(replica.outputs, 'files/audio_mp3_00001_.mp3')).format.tags, 'SaveAudioMP3');
      sameJson(
        probe(path.join(replica.outputs, 'files/audio_opus_00001_.opus')).streams[0]?.tags ?? {},
        'SaveAudioOpus',
      );
    });
    test('metadata of latents: __metadata__', async () => {
      const bytes = await read('latent_00001_.latent');
      const length = Number(bytes.readBigUInt64LE(0));
      const header = z
        .object({
          __metadata__: z.record(z.string(), z.string()),
          latent_tensor: z.unknown(),
        })
        .loose()
        .parse(JSON.parse(bytes.toString('utf8', 8, 8 + length)));
      sameJson(header.__metadata__, 'SaveLatent');
      expect(header.latent_tensor).toEqual({ dtype: 'F32', shape: [1, 4, 8, 8], data_offsets: [0, 1024] });
      expect(bytes.length).toBe(8 + length + 1024);
    });
  });

  test.skipIf(!hasFfmpeg)('the video shows the frames that were saved', async () => {
    const prompt = {
      1: { class_type: 'EmptyImage', inputs: { width: 50, height: 34, batch_size: 1, color: 0xc04020 } },
      2: { class_type: 'EmptyImage', inputs: { width: 50, height: 34, batch_size: 2, color: 0x2040c0 } },
      3: { class_type: 'ImageBatch', inputs: { image1: ['1', 0], image2: ['2', 0] } },
      4: { class_type: 'EmptyAudio', inputs: { duration: 1.0, sample_rate: 48000, channels: 2 } },
      5: { class_type: 'CreateVideo', inputs: { images: ['3', 0], fps: 3.0, audio: ['4', 0] } },
      6: {
        class_type: 'SaveVideo',
        inputs: { video: ['5', 0], filename_prefix: 'film/v', format: 'auto', codec: 'auto' },
      },
    };
    expect((await replica.run(prompt)).status.status_str).toBe('success');
    const file = path.join(replica.outputs, 'film/v_00001_.mp4');
    const pixels = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']);
    expect(pixels.length).toBe(50 * 34 * 3 * 3);
    for (const [frame, color] of [
      [0xc0, 0x40, 0x20],
      [0x20, 0x40, 0xc0],
      [0x20, 0x40, 0xc0],
    ].entries()) {
      const at = (frame * 50 * 34 + 33 * 50 + 49) * 3;
      for (const [channel, value] of color.entries())
        expect(Math.abs((pixels[at + channel] ?? 0) - value)).toBeLessThan(6);
    }
    expect(probe(file).streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'flac']);
  });

  describe('names, folders and counters as recorded', () => {
    test.each(prefixSchema.parse(recordedPrefixes).map((entry, index) => ({ ...entry, index })))(
      '$index: $filename_prefix after $files_before',
      async ({
        filename_prefix,
        runs,
        batch_size,
        image,
        files_before,
        ui_output_per_run,
        files_after_in_D,
        index,
      }) => {
        const folder = `prefix/case${index}`;
        const here = path.join(replica.outputs, folder);
        await mkdir(here, { recursive: true });
        for (const name of files_before) await writeFile(path.join(here, name), '');
        // Files are dated by the day and time of the recording.
        const today = (text: string): string => text.replace(/2026-11-23/g, '<day>').replace(/t_\d{6}_/g, 't_<time>_');
        const now = (text: string): string =>
          text.replace(/\d{4}-\d\d-\d\d/g, '<day>').replace(/t_\d{6}_/g, 't_<time>_');
        for (let run = 0; run < runs; run++) {
          // A different colour for each run, because the cache would answer otherwise.
          const { outputs, status } = await replica.run({
            1: {
              class_type: 'EmptyImage',
              inputs: { width: image[0], height: image[1], batch_size, color: index * 10 + run },
            },
            2: {
              class_type: 'SaveImage',
              inputs: { images: ['1', 0], filename_prefix: filename_prefix.replaceAll('{D}', folder) },
            },
          });
          const expected = ui_output_per_run[run];
          if (Array.isArray(expected)) {
            expect(now(JSON.stringify(outputs['2']?.images))).toBe(
              today(JSON.stringify(expected)).replaceAll('{D}', folder),
            );
            continue;
          }
          const message = status.messages.at(-1)?.[1].exception_message;
          const text = z.string().parse(message).replaceAll(replica.outputs, '/sfs/outputs');
          expect(text.split('\n')[0]).toBe(expected?.error.replaceAll('{D}', folder));
        }
        const found = (await readdir(here, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => path.relative(here, path.join(entry.parentPath, entry.name)));
        expect(found.map(now).sort()).toEqual(files_after_in_D.map(today).sort());
      },
    );
  });

  test.skipIf(!hasFfmpeg)('metadata can be switched off, except for WEBM', async () => {
    const plain = await startReplica({ disableMetadata: true });
    const prompt = {
      1: { class_type: 'EmptyImage', inputs: { width: 16, height: 16, batch_size: 1, color: 1 } },
      2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'x' } },
      3: { class_type: 'SaveWEBM', inputs: { images: ['1', 0], filename_prefix: 'x', codec: 'vp9', fps: 4, crf: 32 } },
    };
    await plain.run(prompt, { extra_data: { extra_pnginfo: { workflow: {} } } });
    const names = await readdir(plain.outputs);
    const png = names.find((name) => name.endsWith('.png')) ?? '';
    const webm = names.find((name) => name.endsWith('.webm')) ?? '';
    expect(entriesOf('tEXt', await readFile(path.join(plain.outputs, png)))).toEqual({});
    expect(probe(path.join(plain.outputs, webm)).format.tags).toHaveProperty('PROMPT');
    await plain.stop();
  });

  test('extra_pnginfo that is a list passes and fails the save node', async () => {
    const prompt = {
      1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 2 } },
      2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'list' } },
    };
    const { status } = await replica.run(prompt, { extra_data: { extra_pnginfo: [1] } });
    expect(status.messages.at(-1)?.[1]).toMatchObject({ node_id: '2', exception_type: 'TypeError' });
  });

  test('a PNG grows under its final name, a WEBP stays empty, an MP4 has a head of 44 bytes', async () => {
    const slow = await startReplica({ pace: 3 });
    const noise = {
      1: { class_type: 'EmptyImage', inputs: { width: 512, height: 512, batch_size: 1, color: 77 } },
      2: { class_type: 'ImageAddNoise', inputs: { image: ['1', 0], seed: 1, strength: 0.5 } },
    };
    const sizes = async (file: string, id: string): Promise<{ size: number; at: number }[]> => {
      const seen: { size: number; at: number }[] = [];
      const check = async (): Promise<void> => {
        const size = (await stat(file).catch(() => null))?.size;
        if (size !== undefined && size !== seen.at(-1)?.size) seen.push({ size, at: performance.now() });
      };
      await until(async () => {
        await check();
        return (await (await fetch(`${slow.url}/history/${id}`)).text()) !== '{}';
      });
      await check();
      return seen;
    };
    const save = async (node: unknown): Promise<string> =>
      (
        await slow.post({
          prompt: { ...noise, 3: node, 4: { class_type: 'CreateVideo', inputs: { images: ['2', 0], fps: 2 } } },
        })
      ).id;

    const png = await sizes(
      path.join(slow.outputs, 'p_00001_.png'),
      await save({ class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'p' } }),
    );
    const steps = png.map(({ size }, index) => size - (png[index - 1]?.size ?? 0));
    expect(steps.filter((step) => step === 65548).length).toBeGreaterThan(2);
    const webp = await sizes(
      path.join(slow.outputs, 'w_00001_.webp'),
      await save({
        class_type: 'SaveAnimatedWEBP',
        inputs: { images: ['2', 0], filename_prefix: 'w', fps: 2, lossless: false, quality: 80, method: 'default' },
      }),
    );
    const [created, firstBytes] = webp;
    expect(created?.size).toBe(0);
    expect((firstBytes?.at ?? 0) - (created?.at ?? 0)).toBeGreaterThan((webp.at(-1)?.at ?? 0) - (firstBytes?.at ?? 0));
    const mp4 = await sizes(
      path.join(slow.outputs, 'v_00001_.mp4'),
      await save({
        class_type: 'SaveVideo',
        inputs: { video: ['4', 0], filename_prefix: 'v', format: 'auto', codec: 'auto' },
      }),
    );
    expect(mp4.map(({ size }) => size)).toEqual(expect.arrayContaining([44, 44 + 262144]));
    await slow.stop();
  });
});
