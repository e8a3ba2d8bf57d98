import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deepFreeze, randomGraph } from '../fixtures/random-graph.ts';
import type { Graph } from '../workflow/graph.ts';
import { rewriteGraph } from '../workflow/rewrite.ts';
import { FILE_NAME, type FileInput, withFiles } from './file-inputs.ts';
import {
  fileInputs,
  filesMissing,
  inputName,
  isStoredName,
  numberedInput,
  plainName,
  uploadLookup,
  uploadType,
} from './inputs.ts';

const SHA = 'ab'.repeat(32);
const load = (image: unknown, class_type = 'LoadImage', input = 'image'): Graph => ({
  '1': { class_type, inputs: { [input]: image } },
});
const found = (graph: Graph) => fileInputs(graph).map(({ name, folder, certain }) => ({ name, folder, certain }));

describe('which inputs name files', () => {
  const classes = z
    .record(
      z.string(),
      z.object({
        input: z.object({ required: z.record(z.string(), z.array(z.unknown())).optional() }),
      }),
    )
    .parse(JSON.parse(readFileSync(new URL('../../simulator/fixtures/object_info.json', import.meta.url), 'utf8')));
  const uploads = Object.entries(classes).flatMap(([name, { input }]) =>
    Object.entries(input.required ?? {}).flatMap(([key, [, options]]) =>
      typeof options === 'object' &&
      options !== null &&
      Object.keys(options).some((option) => option.endsWith('_upload'))
        ? [[name, key] as const]
        : [],
    ),
  );

  test('every input of the core that has an upload button', () => {
    expect(uploads).toHaveLength(7);
    for (const [name, key] of uploads)
      expect([name, key, found(load('some.thing', name, key))]).toEqual([
        name,
        key,
        [{ name: 'some.thing', folder: 'input', certain: true }],
      ]);
  });

  test.each([
    ['photo.png', 'photo.png', 'input'],
    ['photo.png [input]', 'photo.png', 'input'],
    ['clipspace/a b.png [input]', 'clipspace/a b.png', 'input'],
    ['photo.png [output]', 'photo.png', 'output'],
    ['photo.png [temp]', 'photo.png', 'temp'],
    ['photo.png[temp]', 'photo.png', 'temp'],
    ['photo [1].png', 'photo [1].png', 'input'],
    ['[input].png', '[input].png', 'input'],
    ['no ending', 'no ending', 'input'],
    ['', '', 'input'],
  ])('%j is %j in the %s folder', (value, name, folder) =>
    expect(found(load(value))).toEqual([{ name, folder, certain: true }]),
  );

  test.each([
    ['a link', load(['2', 0])],
    ['a number', load(7)],
    ['another input of the same node', load('photo', 'LoadImageMask', 'channel')],
    ['a model', load('sd_xl.safetensors', 'CheckpointLoaderSimple', 'ckpt_name')],
    ['a prompt', load('a photo of a png', 'CLIPTextEncode', 'text')],
    ['a prompt of several lines', load('a photo\nb.png', 'CLIPTextEncode', 'text')],
    ['the name of what is saved', load('photo.png', 'SaveImage', 'filename_prefix')],
    ['the name of what is saved by a node that is not the core’s', load('photo.png', 'MySave', 'filename_prefix')],
  ])('%s names no file', (_, graph) => expect(found(graph)).toEqual([]));

  test('a text that ends as a file does may be one, whatever the node', () => {
    expect(found(load('Clip.MOV [input]', 'VHS_LoadVideo', 'video'))).toEqual([
      { name: 'Clip.MOV', folder: 'input', certain: false },
    ]);
  });
});

describe('names of uploads', () => {
  test.each([
    ['photo.png', 'photo.png'],
    ['Größe 名.JPG', 'Größe 名.JPG'],
    ['Gro\u0308ße.png', 'Größe.png'],
    ['photo', 'photo.png'],
    ['photo.', 'photo..png'],
    ['photo.v2', 'photo.v2.png'],
    ['photo.png [output]', 'photo.png [output].png'],
    ['clipspace/a.png', 'clipspace/a.png'],
    ['..\\..\\Windows\\a.png', 'Windows/a.png'],
    ['../../etc/a.png', 'etc/a.png'],
    ['/etc/passwd', 'etc/passwd.png'],
    ['.png', 'file.png'],
    ['', 'file.png'],
    ['..', 'file.png'],
    ['.hidden.png', '_hidden.png'],
    ['a<b>:"c"\u0000.png', 'a_b___c__.png'],
    [`${'x'.repeat(300)}.png`, `${'x'.repeat(200)}.png`],
  ])('%j becomes %j', (given, name) => expect(inputName(given, 'png')).toBe(name));

  test('are harmless, look like files, and stay what they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'a./\\ [名') })),
        (given) => {
          const name = inputName(given, 'webm');
          for (const part of name.split('/')) expect(part).not.toMatch(/^$|^\.|[\\:*?"<>|\p{Cc}\p{Cs}]/u);
          expect(found(load(name, 'Other', 'text'))).toEqual([{ name, folder: 'input', certain: false }]);
          expect(inputName(name, 'webm')).toBe(name);
          expect(isStoredName(name)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a taken name is counted up before its ending', () => {
    expect([0, 1, 12].map((number) => numberedInput('a/b.c.png', number))).toEqual([
      'a/b.c.png',
      'a/b.c (1).png',
      'a/b.c (12).png',
    ]);
  });

  test.each([
    ['image', 'image/png', 'png'],
    ['image', 'image/jpeg', 'jpg'],
    ['video', 'video/quicktime', 'mov'],
    ['audio', 'audio/mpeg', 'mp3'],
    ['image', 'image/svg+xml', null],
    ['image', 'image/bmp', null],
    ['audio', 'audio/aac', null],
    ['model', 'model/gltf-binary', null],
    ['other', 'application/zip', null],
  ] as const)('%s of type %s: %s', (kind, mime, extension) => {
    expect(uploadType({ kind, mime })?.extension ?? null).toBe(extension);
    if (extension !== null) expect(`a.${extension}`).toMatch(FILE_NAME);
  });
});

test('an upload is found by its name, however it is spelt, and by the name of its file', () => {
  const photo = { name: 'Größe/photo.png', file: `${SHA}.png` };
  const shadow = { name: `${SHA}.png`, file: `${'cd'.repeat(32)}.png` };
  const find = uploadLookup([photo]);
  const at = (name: string) => ({ name, folder: 'input' }) as const;
  expect(find(at('Größe/photo.png'))).toBe(photo);
  expect(find(at('Gro\u0308ße\\photo.png'))).toBe(photo);
  expect(find(at(photo.file))).toBe(photo);
  expect(find(at('größe/photo.png'))).toBeUndefined();
  // Where ComfyUI's nodes put what they draw; a result is another thing, but for one that a job has made an upload of.
  expect(find({ name: photo.name, folder: 'temp' })).toBe(photo);
  expect(find({ name: photo.file, folder: 'temp' })).toBeUndefined();
  expect(find({ name: photo.name, folder: 'output' })).toBeUndefined();
  const made = { name: 'shot_00001_.png [output]', file: photo.file };
  expect(uploadLookup([made])({ name: 'shot_00001_.png', folder: 'output' })).toBe(made);
  expect(uploadLookup([photo, shadow])(at(photo.file))).toBe(shadow);
});

describe('a graph with other files', () => {
  const names = ['photo.png', 'clip.mp4', 'sub/Größe.wav', 'nobody’s.png'];
  const loader = fc
    .record({
      class_type: fc.constantFrom('LoadImage', 'LoadVideo', 'VHS_LoadVideo', 'CLIPTextEncode'),
      image: fc.oneof(
        fc.constantFrom(...names, ...names.map((name) => `${name} [input]`), 'photo.png [temp]'),
        fc.string(),
      ),
      file: fc.constantFrom(...names, 7, null),
    })
    .map(({ class_type, ...inputs }) => ({ class_type, inputs, _meta: { title: 'x' } }));
  const graphs = fc.tuple(randomGraph, fc.array(loader, { minLength: 1, maxLength: 5 })).map(
    ([graph, loaders]): Graph => ({
      ...graph,
      ...Object.fromEntries(loaders.map((node, at) => [`load ${at}`, node])),
    }),
  );
  const uploads = names.slice(0, 3).map((name, at) => ({ name, file: `${String(at).repeat(64)}.bin` }));
  const replace = (graph: Graph): Graph => {
    const uploadOf = uploadLookup(uploads);
    return withFiles(graph, fileInputs(graph), (file) => uploadOf(file)?.file);
  };

  test('has them exactly where the uploads were named; nothing else differs, and the original was not touched', () => {
    let replaced = 0;
    fc.assert(
      fc.property(graphs, (graph) => {
        const before = JSON.stringify(graph);
        const after = replace(deepFreeze(graph));
        expect(JSON.stringify(graph)).toBe(before);
        const restored = Object.entries(after).map(([id, node]) => {
          const inputs = Object.entries(node.inputs).map(([input, value]) => {
            const original = graph[id]?.inputs[input];
            if (value === original) return [input, value];
            replaced += 1;
            const upload = uploads.find(({ file }) => file === value);
            expect(upload && [upload.name, `${upload.name} [input]`, `${upload.name} [temp]`]).toContain(original);
            return [input, original];
          });
          return [id, { ...node, inputs: Object.fromEntries(inputs) }];
        });
        expect(JSON.stringify(Object.fromEntries(restored))).toBe(before);
        const left = fileInputs(after).filter(
          ({ name, folder }) => folder === 'input' && names.slice(0, 3).includes(plainName(name)),
        );
        expect(left).toEqual([]);
      }),
    );
    expect(replaced).toBeGreaterThan(20);
  });

  test('is sent with its own folders as ever: only files and prefixes differ', () => {
    fc.assert(
      fc.property(graphs, fc.uuid(), (graph, attemptId) => {
        const sent = rewriteGraph(replace(graph), attemptId, { version: null }, 0);
        const plain = rewriteGraph(graph, attemptId, { version: null }, 0);
        expect(sent.plan).toEqual(plain.plan);
        expect(sent.prompt).toEqual(replace(plain.prompt));
      }),
    );
  });
});

test('what is missing is said of node, input and file, in ComfyUI’s shape', () => {
  const graph: Graph = {
    '3': { class_type: 'LoadImage', inputs: { image: 'photo.png' } },
    '4': { class_type: 'LoadVideo', inputs: { file: 'a.mp4 [temp]' } },
    '5': { class_type: 'LoadImage', inputs: { image: '' } },
  };
  const error = filesMissing(fileInputs(graph));
  expect(error.code).toBe('invalid_graph');
  expect(error.message).toBe(
    'LoadImage: File “photo.png” not found. Add it to your uploads and run again. (and 2 more)',
  );
  expect(error.nodeErrors?.['3']).toEqual({
    class_type: 'LoadImage',
    dependent_outputs: [],
    errors: [
      {
        type: 'custom_validation_failed',
        message: 'A file that this node needs is missing',
        details: 'image - File “photo.png” not found. Add it to your uploads and run again.',
        extra_info: { input_name: 'image', missing_file: 'photo.png', folder: 'input' },
      },
    ],
  });
  expect(error.nodeErrors?.['4']?.errors[0]?.details).toMatch(
    /^file - “a\.mp4” is in a folder that other GPUs cannot read/,
  );
  expect(error.nodeErrors?.['5']?.errors[0]?.details).toBe('image - No file is chosen.');
});

test('files are named inside a value too: what Load3D has drawn', () => {
  const image = {
    image: 'threed/scene.png [temp]',
    mask: 'threed/mask.png [temp]',
    camera_info: { zoom: 1 },
    recording: '',
  };
  const graph = deepFreeze<Graph>({
    '1': { class_type: 'Load3D', inputs: { model_file: 'none', image, width: ['x.png', 0] } },
  });
  const files = fileInputs(graph);
  expect(files.map(({ input, key, name, folder }) => [input, key, name, folder])).toEqual([
    ['model_file', null, 'none', 'input'],
    ['image', 'image', 'threed/scene.png', 'temp'],
    ['image', 'mask', 'threed/mask.png', 'temp'],
  ]);
  const sent = withFiles(graph, files, ({ key, name }) => (key === null ? undefined : `sent ${name}`));
  expect(sent['1']?.inputs).toEqual({
    model_file: 'none',
    image: { ...image, image: 'sent threed/scene.png', mask: 'sent threed/mask.png' },
    width: ['x.png', 0],
  });
});

test('two files of one node are both told', () => {
  const file: FileInput = {
    nodeId: '1',
    classType: 'Two',
    input: 'a',
    key: null,
    name: 'x.png',
    folder: 'input',
    certain: false,
  };
  expect(
    filesMissing([file, { ...file, input: 'b' }]).nodeErrors?.['1']?.errors.map(
      ({ extra_info }) => extra_info.input_name,
    ),
  ).toEqual(['a', 'b']);
});
