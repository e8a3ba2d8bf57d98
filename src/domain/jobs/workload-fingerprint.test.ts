import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Graph } from '../workflow/graph.ts';
import { fingerprintOf, isSameModel } from './workload-fingerprint.ts';

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });

type Wish = {
  model?: string;
  prompt?: string;
  seed?: number;
  steps?: number;
  size?: number;
  batch?: number;
  more?: Graph;
};

const picture = ({ model = 'sdxl', prompt = 'a boat', seed = 1, steps = 20, size = 512, batch = 1, more }: Wish = {}) =>
  fingerprintOf({
    '1': node('CheckpointLoaderSimple', { ckpt_name: model }),
    '2': node('CLIPTextEncode', { clip: ['1', 1], text: prompt }),
    '3': node('EmptyLatentImage', { width: size, height: size, batch_size: batch }),
    '4': node('KSampler', { model: ['1', 0], positive: ['2', 0], latent_image: ['3', 0], seed, steps }),
    '5': node('VAEDecode', { samples: ['4', 0], vae: ['1', 2] }),
    '6': node('SaveImage', { images: ['5', 0], filename_prefix: 'x' }),
    ...more,
  });

describe('likenessOf', () => {
  test.each<[string, Wish]>([
    ['other words', { prompt: 'a train' }],
    ['another seed', { seed: 99 }],
    ['a step more', { steps: 21 }],
    ['a few pixels more', { size: 520 }],
    ['one more prompt', { more: { '9': node('CLIPTextEncode', { text: 'more' }) } }],
  ])('the same for %s', (_, wish) => expect(picture(wish)).toBe(picture()));

  test.each<[string, Wish]>([
    ['another model', { model: 'flux' }],
    ['twice the steps', { steps: 40 }],
    ['twice the size', { size: 1024 }],
    ['four at a time', { batch: 4 }],
    ['an upscaler', { more: { '9': node('ImageUpscaleWithModel', { image: ['5', 0] }) } }],
  ])('another for %s', (_, wish) => expect(picture(wish)).not.toBe(picture()));

  test('numbers that primitive nodes give count too', () => {
    const more = { '8': node('PrimitiveInt', { value: 80 }), '9': node('KSampler', { steps: ['8', 0] }) };
    expect(picture({ more })).not.toBe(picture({ more: { ...more, '8': node('PrimitiveInt', { value: 1 }) } }));
  });

  test('the order of nodes and their ids say nothing', () => {
    const graph = { '1': node('EmptyImage', { width: 64 }), '2': node('SaveImage', { images: ['1', 0] }) };
    const other = { b: node('SaveImage', { images: ['a', 0] }), a: node('EmptyImage', { width: 64 }) };
    expect(fingerprintOf(other)).toBe(fingerprintOf(graph));
  });

  test('short and of the model it names, whatever its name holds', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (one, other) => {
        const fingerprint = picture({ model: one });
        expect(fingerprint.length).toBeLessThan(120);
        expect(isSameModel(fingerprint, picture({ model: one, steps: 100 }))).toBe(true);
        if (one.trim() === '' || other.trim() === '') return;
        const differ =
          one.trim().replaceAll('|', '_').slice(0, 100) !== other.trim().replaceAll('|', '_').slice(0, 100);
        expect(isSameModel(fingerprint, picture({ model: other }))).toBe(!differ);
      }),
    );
  });
});
