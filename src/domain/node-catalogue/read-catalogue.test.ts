import { describe, expect, test } from 'vitest';
import { parseGraphJson } from '../workflow/graph-json.ts';
import { NODES, OBJECT_INFO, TOLD, testCatalogue, testModels } from './catalogue.testing.ts';
import { classTexts } from './class-texts.ts';
import { type Choices, createFilling } from './fill.ts';
import { catalogueOf } from './read-catalogue.ts';
import { unionOf } from './union.ts';

const catalogue = testCatalogue();
const anna: Choices = {
  uploads: [
    { name: 'mine.png', kind: 'image' },
    { name: 'clip.mp4', kind: 'video' },
  ],
  models: testModels,
};
function served(name: string, choices = anna, from = catalogue): unknown {
  const found = from.classes.get(name);
  if (!found) throw new Error(`no ${name}`);
  return parseGraphJson(createFilling(choices)(found));
}
const inputs = (required: object) => expect.objectContaining({ input: { required } });

describe('classes of an object_info', () => {
  test('each with its own JSON, whatever stands in texts', () => {
    const info = { A: { x: '}{"\\' }, 'B "q" \\': { y: [1, { z: ']' }] }, C: {} };
    expect([...classTexts(JSON.stringify(info, null, 2))].map(({ name, text }) => [name, JSON.parse(text)])).toEqual(
      Object.entries(info),
    );
  });

  test.each(['', 'null', '[]', '{}', '"text"', '{"A":{"x":1}', '{"A":{"x":}}', '<html></html>', '{"A":{x}}'])(
    'what is none is told: %j',
    (text) =>
      expect(() => catalogueOf(text, { models: [], replaced: [] })).toThrow(
        expect.objectContaining({ code: 'invalid_input' }),
      ),
  );

  test('an error of a server in the place of a class is left out, and so are values that are none', () => {
    const found = catalogueOf('{"A":null,"B":{"input":5},"C":7,"D":{}}', { models: [], replaced: [] });
    expect([...found.classes.keys()]).toEqual(['B', 'D']);
  });
});

describe('what is served of them', () => {
  test('everything that depends on nobody is as the worker has it, with all digits', () => {
    for (const name of ['EmptyImage', 'ImageScale', 'Grows', 'SaveImage', 'ApiFilm'] as const)
      expect(served(name)).toEqual(NODES[name]);
    expect(served('KSampler')).toMatchObject({
      input: { required: { seed: ['INT', { max: 18446744073709551615n }] } },
    });
    expect(['ApiFilm', 'ApiStyle', 'SaveImage'].map((name) => catalogue.classes.get(name)?.isApi)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('what Python writes for infinite can be read by everybody', () => {
    const found = catalogueOf(
      '{"A":{"input":{"required":{"x":["FLOAT",{"max":Infinity,"min":-Infinity,"step":NaN}]}}}}',
      {
        models: [],
        replaced: [],
      },
    );
    const text = createFilling(anna)(found.classes.get('A')!);
    expect(text).toContain('{"max":1e999,"min":-1e999,"step":null}');
    expect(JSON.parse(text).input.required.x[1].max).toBe(Number.POSITIVE_INFINITY);
  });

  test('lists of files have the caller’s own uploads of that kind, in either shape', () => {
    expect(served('LoadImage')).toEqual(inputs({ image: [['mine.png'], { image_upload: true }] }));
    expect(served('LoadVideo')).toEqual(
      inputs({ file: ['COMBO', { options: ['clip.mp4'], video_upload: true, multiselect: false }] }),
    );
    expect(served('LoadImageOutput')).toEqual(NODES.LoadImageOutput);
  });

  test('lists of models follow the share; other choices stay where they were', () => {
    const models = new Map([
      ['checkpoints', { names: ['new.safetensors'], isSure: true }],
      ['vae', { names: [], isSure: true }],
      ['loras', { names: ['l.safetensors', 'm.safetensors'], isSure: true }],
    ]);
    const now = { ...anna, models };
    expect(served('CheckpointLoaderSimple', now)).toEqual(
      inputs({ ckpt_name: [['new.safetensors'], { tooltip: 'The model' }] }),
    );
    expect(served('VAELoader', now)).toEqual(inputs({ vae_name: [['pixel_space', 'taesd'], {}] }));
    expect(served('LoraStack', now)).toEqual(
      inputs({ lora: ['COMBO', { options: ['None', 'l.safetensors', 'm.safetensors'] }] }),
    );
  });

  test('a list that was empty follows the folder that such an input means', () => {
    const info = JSON.stringify({ UNETLoader: { input: { required: { unet_name: [[], {}], other: [[], {}] } } } });
    const models = new Map([['diffusion_models', { names: ['wan.safetensors'], isSure: true }]]);
    const found = testCatalogue(info);
    expect(served('UNETLoader', { uploads: [], models }, found)).toEqual({
      input: { required: { unet_name: [['wan.safetensors'], {}], other: [[], {}] } },
    });
  });

  test('of two folders with the same files, the one that the input is known for', () => {
    const info = JSON.stringify({ VAELoader: { input: { required: { vae_name: [['x.safetensors']] } } } });
    const both = ['loras', 'vae'].map((name) => ({
      name,
      folders: [],
      extensions: null,
      files: ['x.safetensors'],
      elsewhere: [],
    }));
    const found = catalogueOf(info, { models: both, replaced: [] });
    const models = new Map([['vae', { names: ['y.safetensors'], isSure: true }]]);
    expect(served('VAELoader', { uploads: [], models }, found)).toEqual({
      input: { required: { vae_name: [['y.safetensors']] } },
    });
  });
});

test('of several endpoints, each class is the first one’s that has it, and all that have it are known', () => {
  const more = catalogueOf('{"Extra":{"input":{}},"SaveImage":{"input":{"required":{}}}}', {
    models: [{ ...TOLD[0]!, elsewhere: [] }],
    replaced: ['Older'],
  });
  const union = unionOf(
    new Map([
      ['one', catalogue],
      ['two', more],
    ]),
  );
  expect(union.endpointsOf.get('SaveImage')).toEqual(['one', 'two']);
  expect(union.endpointsOf.get('Extra')).toEqual(['two']);
  expect(union.classes.get('SaveImage')).toBe(catalogue.classes.get('SaveImage'));
  expect(union.models).toEqual(catalogue.models);
  expect([...union.replaced]).toEqual(['OldNode', 'Older']);
});

test('a large one is read class by class', () => {
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`Class${n}`, NODES.KSampler]));
  expect(catalogueOf(JSON.stringify(many), { models: [], replaced: [] }).classes.size).toBe(2000);
  expect(OBJECT_INFO).toContain('18446744073709551615');
});
