import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRecord } from '../workflow/graph.ts';
import { TOLD, testModels } from './catalogue.testing.ts';
import { createFilling } from './fill.ts';
import { catalogueOf } from './read-catalogue.ts';

const OWN = [
  { name: 'own picture.png', kind: 'image' as const },
  { name: 'own film.mp4', kind: 'video' as const },
  { name: 'own sound.wav', kind: 'audio' as const },
];

const hex = fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(...'0123456789abcdef') });
const stem = fc
  .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcXYZ 09_-üß"\\') })
  .map((text) => `secret${text}`);
const ending = fc.constantFrom('png', 'JPG', 'webp', 'mp4', 'mov', 'wav', 'mp3', 'latent', 'glb');
const media = fc.oneof(
  fc.tuple(stem, ending).map(([name, end]) => `${name}.${end}`),
  fc.tuple(stem, stem, ending).map(([folder, name, end]) => `${folder}/${name}.${end}`),
  fc.tuple(stem, ending).map(([name, end]) => `${name}.${end} [input]`),
  fc.tuple(hex, ending).map(([name, end]) => `${name}.${end.toLowerCase()}`),
  stem.map((name) => `comfyume/attempt-secret/9/${name}.bin`),
);
/** Of which only a flag tells that they are files. */
const anyName = fc.oneof(
  media,
  fc.tuple(stem, fc.constantFrom('txt', 'zip', 'xyz')).map(([name, end]) => `${name}.${end}`),
  stem,
);
const flag = fc.constantFrom(
  { image_upload: true },
  { video_upload: true },
  { audio_upload: true },
  { file_upload: true },
  { upload: true },
  { vhs_upload: 'input' },
  { image_upload: true, image_folder: 'output' },
  { remote: { route: '/internal/files/input' } },
);
const harmless = fc.constantFrom<unknown>('none', 'euler', 'None', 3, true, null, '.png', 'png', 'a.safetensors');

type Leaky = { readonly names: readonly string[]; readonly input: unknown };

const listOf = (name: fc.Arbitrary<string>): fc.Arbitrary<{ names: string[]; list: unknown[] }> =>
  fc
    .record({ names: fc.array(name, { minLength: 1, maxLength: 6 }), others: fc.array(harmless, { maxLength: 3 }) })
    .map(({ names, others }) => ({ names, list: [...others.slice(0, 1), ...names, ...others.slice(1)] }));

/** An input of any shape in which names of somebody's files stand. */
const leaky: fc.Arbitrary<Leaky> = fc.oneof(
  fc
    .tuple(listOf(anyName), flag)
    .map(([{ names, list }, options]) => ({ names, input: [list, { ...options, default: names[0] }] })),
  fc
    .tuple(listOf(anyName), flag)
    .map(([{ names, list }, options]) => ({ names, input: ['COMBO', { options: list, ...options }] })),
  fc.tuple(listOf(anyName), flag).map(([{ names, list }, options]) => ({
    names,
    input: [
      'COMFY_DYNAMICCOMBO_V3',
      { options: [{ key: 'one', inputs: { required: { file: ['COMBO', { options: list, ...options }] } } }] },
    ],
  })),
  fc.tuple(listOf(anyName), flag).map(([{ names, list }, options]) => ({
    names,
    input: ['SOMETHING', { ...options, deep: [{ deeper: { lists: [list, list] } }], default: names[0] }],
  })),
  listOf(media).map(({ names, list }) => ({ names, input: [list] })),
  listOf(media).map(({ names, list }) => ({ names, input: [list, { default: names[0], tooltip: names[0] }] })),
  listOf(media).map(({ names, list }) => ({ names, input: ['COMBO', { options: list, default: names[0] }] })),
  listOf(media).map(({ names, list }) => ({ names, input: { choices: list, [names[0] ?? '']: 1 } })),
);

function textsIn(value: unknown, into: string[] = []): string[] {
  if (typeof value === 'string') into.push(value);
  else if (Array.isArray(value)) for (const item of value) textsIn(item, into);
  else if (isRecord(value))
    for (const [key, item] of Object.entries(value)) {
      into.push(key);
      textsIn(item, into);
    }
  return into;
}

test('no name of somebody else’s file is in what is served, in any list of any shape', () => {
  const category = fc.constantFrom('required', 'optional', 'hidden');
  const inputs = fc.array(fc.tuple(category, leaky), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(inputs, fc.boolean(), (all, elsewhereToo) => {
      const input: Record<string, Record<string, unknown>> = {};
      const names = all.flatMap(([, one]) => one.names);
      for (const [n, [where, one]] of all.entries()) input[where] = { ...input[where], [`input${n}`]: one.input };
      const info = {
        Leaky: { input, output: ['IMAGE'], name: 'Leaky' },
        // The same names where nothing tells that they are files.
        ...(elsewhereToo && { Other: { input: { required: { text: ['STRING', { default: names[0] }] } } } }),
      };
      const found = catalogueOf(JSON.stringify(info), {
        models: TOLD.map((told) => ({ ...told, elsewhere: [] })),
        replaced: [],
      });
      const fill = createFilling({ uploads: OWN, models: testModels });
      const texts = [...found.classes.values()].flatMap((one) => textsIn(JSON.parse(fill(one))));
      expect(texts.filter((text) => /secret|[0-9a-f]{64}/.test(text) && !isTextOfOwn(text, names))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
/** A default of a text is nobody's file, unless some list has it as one. */
const isTextOfOwn = (text: string, names: readonly string[]): boolean => text === names[0] && !text.includes('.');

test('what is served has the caller’s own uploads instead', () => {
  const info = {
    A: { input: { required: { file: [['x.png', 'None'], { image_upload: true }], any: [['y.wav', 'auto']] } } },
  };
  const found = catalogueOf(JSON.stringify(info), { models: [], replaced: [] });
  expect(JSON.parse(createFilling({ uploads: OWN, models: new Map() })(found.classes.get('A')!))).toEqual({
    input: {
      required: { file: [['None', 'own picture.png'], { image_upload: true }], any: [['auto', 'own sound.wav']] },
    },
  });
});

test('an input whose name is that of a flag is none', () => {
  const input = {
    required: { mode: [['fast', 'fine.v2']], model: [['x.pth']], upload: ['IMAGEUPLOAD'], image_upload: ['BOOLEAN'] },
  };
  const found = catalogueOf(JSON.stringify({ A: { input }, B: { input } }), { models: [], replaced: [] });
  expect(JSON.parse(createFilling({ uploads: OWN, models: new Map() })(found.classes.get('B')!))).toEqual({ input });
});

test('formats and models are no files of anybody’s', () => {
  const input = {
    required: { format: [['.png', '.jpg', 'png', 'video/h264-mp4']], model: [['x.safetensors', 'y.pth', 'z.gguf']] },
  };
  const found = catalogueOf(JSON.stringify({ A: { input } }), { models: [], replaced: [] });
  expect(JSON.parse(createFilling({ uploads: OWN, models: new Map() })(found.classes.get('A')!))).toEqual({ input });
});
