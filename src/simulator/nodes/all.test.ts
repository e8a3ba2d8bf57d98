import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flacFile } from '../media/flac.ts';
import { Catalog } from '../replica/catalog.ts';
import type { InputSpec } from '../replica/node-info.ts';
import { startReplica, type TestReplica } from '../replica.testing.ts';
import { recordedNodes } from './all.ts';
import { Audio } from './values.ts';

const models = {
  checkpoints: ['c.safetensors'],
  diffusion_models: ['u.safetensors'],
  text_encoders: ['t.safetensors'],
  vae: ['v.safetensors'],
  loras: ['l.safetensors'],
  clip_vision: ['cv.safetensors'],
  upscale_models: ['up.pth'],
};
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const needFfmpeg = new Set(['SaveWEBM', 'SaveAudioMP3', 'SaveAudioOpus', 'LoadAudio']);

/** Where an input of each type can come from. */
const sources: { [type: string]: [string, number] } = {
  IMAGE: ['image', 0],
  MASK: ['mask', 0],
  LATENT: ['latent', 0],
  MODEL: ['checkpoint', 0],
  CLIP: ['checkpoint', 1],
  VAE: ['checkpoint', 2],
  CONDITIONING: ['text', 0],
  AUDIO: ['audio', 0],
  VIDEO: ['video', 0],
  NOISE: ['noise', 0],
  SIGMAS: ['sigmas', 0],
  GUIDER: ['guider', 0],
  SAMPLER: ['sampler', 0],
  UPSCALE_MODEL: ['upscaler', 0],
  '*': ['image', 0],
};

describe('every node class', () => {
  let replica: TestReplica;
  let catalog: Catalog;
  const sine = new Audio(44100, [Float32Array.from({ length: 6000 }, (_, index) => Math.sin(index / 20) * 0.5)]);
  const picture = {
    create: { width: 40, height: 24, channels: 4, background: { r: 200, g: 30, b: 60, alpha: 0.5 } },
  } as const;

  beforeAll(async () => {
    replica = await startReplica({ models });
    catalog = new Catalog({ models, version: '0.3.64', inputs: replica.inputs, outputs: replica.outputs });
    await mkdir(replica.inputs, { recursive: true });
    await writeFile(path.join(replica.inputs, 'in.png'), await sharp(picture).png().toBuffer());
    await writeFile(path.join(replica.inputs, 'in.flac'), await flacFile(sine, []));
  });
  afterAll(() => replica.stop());

  function constant({ type, config }: InputSpec, name: string): unknown {
    if (name === 'image' || name === 'audio') return name === 'image' ? 'in.png' : 'in.flac';
    if (Array.isArray(type)) return type[0];
    if (type === 'COMBO') return Array.isArray(config.options) ? config.options[0] : 'in.png';
    if (name === 'width' || name === 'height') return 64;
    if (name === 'length') return Math.max(5, typeof config.min === 'number' ? config.min : 1);
    if (type === 'INT' || type === 'FLOAT') return config.default ?? 1;
    if (type === 'BOOLEAN') return config.default ?? false;
    return config.default ?? 'some text';
  }

  /** An input as a workflow would have it: linked to a source of its type, or its default. */
  function nodeOf(classType: string): { class_type: string; inputs: { [name: string]: unknown } } {
    const inputs: { [name: string]: unknown } = {};
    const nodeClass = catalog.get(classType);
    for (const [name, spec] of [...(nodeClass?.required ?? []), ...(nodeClass?.optional ?? [])]) {
      const source = typeof spec.type === 'string' ? sources[spec.type] : undefined;
      if (source) inputs[name] = source;
      else if (nodeClass?.required.has(name)) inputs[name] = constant(spec, name);
    }
    return { class_type: classType, inputs };
  }

  test.each(Object.keys(recordedNodes))('%s is in /object_info and runs with plain inputs', async (classType) => {
    expect(catalog.has(classType)).toBe(true);
    if (!hasFfmpeg && needFfmpeg.has(classType)) return;
    const scaffold = {
      image: nodeOf('EmptyImage'),
      mask: nodeOf('SolidMask'),
      latent: nodeOf('EmptyLatentImage'),
      checkpoint: nodeOf('CheckpointLoaderSimple'),
      text: nodeOf('CLIPTextEncode'),
      audio: { class_type: 'EmptyAudio', inputs: { duration: 0.2, sample_rate: 44100, channels: 2 } },
      video: nodeOf('CreateVideo'),
      noise: nodeOf('RandomNoise'),
      sigmas: nodeOf('BasicScheduler'),
      guider: nodeOf('BasicGuider'),
      sampler: nodeOf('KSamplerSelect'),
      upscaler: nodeOf('UpscaleModelLoader'),
    };
    const tested = nodeOf(classType);
    const show = catalog.get(classType)?.isOutput
      ? {}
      : { show: { class_type: 'PreviewAny', inputs: { source: ['tested', 0] } } };
    const entry = await replica.run({ ...scaffold, tested, ...show });
    expect(entry.status.messages.at(-1)).toMatchObject(['execution_success', {}]);
  });

  test('an uploaded picture goes through a sampler; its transparency is the mask', async () => {
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(await sharp(picture).png().toBuffer())]), 'start.png');
    expect((await fetch(`${replica.url}/upload/image`, { method: 'POST', body: form })).status).toBe(200);
    const entry = await replica.run({
      1: { class_type: 'LoadImage', inputs: { image: 'start.png' } },
      2: { class_type: 'MaskToImage', inputs: { mask: ['1', 1] } },
      3: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'mask' } },
      4: { class_type: 'VAEEncode', inputs: { pixels: ['1', 0], vae: ['5', 2] } },
      5: nodeOf('CheckpointLoaderSimple'),
      6: { class_type: 'CLIPTextEncode', inputs: { clip: ['5', 1], text: 'a fox' } },
      7: {
        class_type: 'KSampler',
        inputs: {
          model: ['5', 0],
          positive: ['6', 0],
          negative: ['6', 0],
          latent_image: ['4', 0],
          seed: 1,
          steps: 2,
          cfg: 5,
          sampler_name: 'euler',
          scheduler: 'normal',
          denoise: 0.3,
        },
      },
      8: { class_type: 'VAEDecode', inputs: { samples: ['7', 0], vae: ['5', 2] } },
      9: { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 'again' } },
    });
    expect(entry.status.status_str).toBe('success');
    const mask = await sharp(path.join(replica.outputs, 'mask_00001_.png')).raw().toBuffer();
    expect(mask[0]).toBeOneOf([127, 128]);
    // A low denoise keeps most of the picture's red.
    const again = await sharp(path.join(replica.outputs, 'again_00001_.png')).stats();
    expect(again.channels[0]?.mean).toBeGreaterThan(130);
  });

  test('what would fail in Python is an execution error', async () => {
    const entry = await replica.run({
      1: { class_type: 'SaveImage', inputs: { images: 'nope', filename_prefix: 'x' } },
    });
    expect(entry.status.messages.at(-1)?.[1]).toMatchObject({
      exception_type: 'AttributeError',
      exception_message: "'str' object has no attribute 'shape'\n",
    });
    await writeFile(path.join(replica.inputs, 'text.png'), 'no picture');
    const broken = await replica.run({
      1: { class_type: 'LoadImage', inputs: { image: 'text.png' } },
      2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
    });
    expect(broken.status.messages.at(-1)?.[1]).toMatchObject({ exception_type: 'PIL.UnidentifiedImageError' });
  });

  test.skipIf(!hasFfmpeg)('FLAC contains the samples it was given', async () => {
    const file = path.join(replica.outputs, 'sine.flac');
    await writeFile(file, await flacFile(sine, [{ key: 'k', text: 'v' }]));
    const decoded = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 's16le', 'pipe:1']);
    const wanted = Int16Array.from(sine.channels[0] ?? [], (sample) => Math.round(sample * 32767));
    expect(Buffer.compare(decoded, Buffer.from(wanted.buffer))).toBe(0);
    expect((await readFile(file)).subarray(0, 4).toString()).toBe('fLaC');
  });
});
