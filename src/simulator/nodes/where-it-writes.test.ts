import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startReplica, type TestReplica } from '../replica.testing.ts';

type Inputs = { [name: string]: unknown };
const node = (class_type: string, inputs: Inputs) => ({ class_type, inputs });
const image: [string, number] = ['image', 0];
const scaffold = {
  image: node('EmptyImage', { width: 16, height: 16, batch_size: 1, color: 255 }),
  pair: node('EmptyImage', { width: 16, height: 16, batch_size: 2, color: 99 }),
  latent: node('EmptyLatentImage', { width: 64, height: 64, batch_size: 1 }),
  sound: node('EmptyAudio', { duration: 0.2, sample_rate: 44100, channels: 2 }),
  text: node('PrimitiveString', { value: 'linked/name' }),
  model: node('FakeFile3D', { format: 'glb' }),
  cloud: node('FakeFile3D', { format: 'ply' }),
};
const vhs = { images: image, frame_rate: 24, loop_count: 0, format: 'video/h264-mp4', pingpong: false };
const was = { images: image, filename_prefix: 'W', filename_delimiter: '_', filename_number_padding: 4 };
const wasCoolDown = { filename_number_start: 'false', overwrite_mode: 'false', show_previews: 'true', quality: 100 };
const easy = { image, link_id: 0, save_prefix: 'S' };
const alexopus = { images: image, extension: 'png' };
const extended = { images: image, filename_prefix: 'f', filename_keys: '', foldername_keys: '' };
const today = /^\d{4}-\d{2}-\d{2}$/;
const model = (from: string) => ({ model_3d: [from, 0], filename_prefix: 'm/m', width: 64, height: 64 });

type Case = [name: string, classType: string, inputs: Inputs, output: string[], temp: RegExp[]];
const cases: Case[] = [
  [
    'films',
    'VHS_VideoCombine',
    { ...vhs, filename_prefix: 'a/t', save_output: true },
    ['a/t_00001.mp4', 'a/t_00001.png'],
    [],
  ],
  [
    'films with sound',
    'VHS_VideoCombine',
    { ...vhs, audio: ['sound', 0], filename_prefix: 't', save_output: true },
    ['t_00001-audio.mp4', 't_00001.mp4', 't_00001.png'],
    [],
  ],
  [
    'a linked prefix',
    'VHS_VideoCombine',
    { ...vhs, filename_prefix: ['text', 0], save_output: true },
    ['linked/name_00001.mp4', 'linked/name_00001.png'],
    [],
  ],
  [
    'a film that is only previewed',
    'VHS_VideoCombine',
    { ...vhs, filename_prefix: 't', save_output: false },
    [],
    [/^t_00001\.mp4$/, /^t_00001\.png$/],
  ],
  [
    'moving pictures',
    'VHS_VideoCombine',
    { ...vhs, format: 'image/webp', filename_prefix: 't', save_output: true },
    ['t_00001.png', 't_00001.webp'],
    [],
  ],
  [
    'WAS into its path',
    'Image Save',
    { ...was, ...wasCoolDown, output_path: 'p/q', extension: 'png' },
    ['p/q/W_0001.png'],
    [],
  ],
  [
    'WAS without a path',
    'Image Save',
    { ...was, ...wasCoolDown, output_path: '', extension: 'jpg' },
    ['W_0001.jpg'],
    [],
  ],
  [
    'WAS: a prefix is no path',
    'Image Save',
    { ...was, ...wasCoolDown, filename_prefix: 'no/W', output_path: 'p', extension: 'png' },
    [],
    [],
  ],
  [
    'WAS, number first',
    'Image Save',
    { ...was, ...wasCoolDown, filename_number_start: 'true', output_path: 'p', extension: 'png' },
    ['p/0001_W.png'],
    [],
  ],
  ['Image Saver', 'Image Saver', { ...alexopus, path: 'p/q', filename: 'n_%seed' }, ['p/q/n_0.png'], []],
  ['Save Image Extended', 'SaveImageExtended', { ...extended, foldername_prefix: 'p/q' }, ['p/q/f-0001.png'], []],
  [
    'KJ in the output folder',
    'SaveImageKJ',
    { images: image, filename_prefix: 'k/k', output_folder: 'output', caption: 'c' },
    ['k/k_00001_.png', 'k/k_00001_.txt'],
    [],
  ],
  ['Easy-Use saves', 'easy kSampler', { ...easy, image_output: 'Save' }, ['S_00001_.png'], []],
  ['Easy-Use saves and hides', 'easy kSampler', { ...easy, image_output: 'Hide&Save' }, ['S_00001_.png'], []],
  [
    'Easy-Use shows',
    'easy kSampler',
    { ...easy, image_output: 'Preview' },
    [],
    [/^easyPreview_temp_\w{5}_00001_\.png$/],
  ],
  ['Easy-Use hides', 'easy kSampler', { ...easy, image_output: 'Hide' }, [], []],
  [
    'Easy-Use only shows',
    'easy imageSave',
    { images: image, filename_prefix: 'e', only_preview: true },
    [],
    [/^easyPreview_temp/],
  ],
  [
    'Easy-Use image save',
    'easy imageSave',
    { images: image, filename_prefix: 'e', only_preview: false },
    ['e_00001_.png'],
    [],
  ],
  [
    'Impact, pictures',
    'ImageSender',
    { images: image, filename_prefix: 'I', link_id: 1 },
    [],
    [/^I_temp_\w{5}_00001_\.png$/],
  ],
  [
    'Impact, latents',
    'LatentSender',
    { samples: ['latent', 0], filename_prefix: 'L', link_id: 1, preview_method: '' },
    [],
    [/^L_00001_\.latent\.png$/],
  ],
  [
    'a chart of training',
    'LossGraphNode',
    { loss: { loss: [1] }, filename_prefix: 'loss' },
    [],
    [/^loss_\d{8}_\d{6}\.png$/],
  ],
  ['text', 'SaveText', { text: 'hello', filename_prefix: 'a/t', format: 'md' }, ['a/t_00001.md'], []],
  ['empty text', 'SaveText', { text: '', filename_prefix: 't', format: 'txt' }, ['t_00001.txt'], []],
  [
    '16 bits',
    'SaveImageAdvanced',
    {
      images: image,
      filename_prefix: 'i',
      format: 'png',
      'format.bit_depth': '16-bit',
      'format.input_color_space': 'sRGB',
    },
    ['i_00001.png'],
    [],
  ],
  [
    'EXR',
    'SaveImageAdvanced',
    {
      images: image,
      filename_prefix: 'i',
      format: 'exr',
      'format.bit_depth': '32-bit float',
      'format.input_color_space': 'sRGB',
    },
    ['i_00001.exr'],
    [],
  ],
  [
    'FLAC',
    'SaveAudioAdvanced',
    { audio: ['sound', 0], filename_prefix: 'audio/a', format: 'flac' },
    ['audio/a_00001_.flac'],
    [],
  ],
  [
    'comparison',
    'ImageCompare',
    { image_a: image, image_b: image },
    [],
    [/^comfy\.compare\.a_temp_\w{5}_00001_\.png$/, /^comfy\.compare\.b_temp/],
  ],
  ['boxes', 'CreateBoundingBoxes', { width: 64, height: 64 }, [], []],
  ['anything', 'PreviewAny', { source: ['text', 0] }, [], []],
  [
    'a data set',
    'SaveImageDataSetToFolder',
    { images: ['pair', 0], folder_name: 'd/e', filename_prefix: 'i', mode: 'overwrite' },
    ['d/e/i_00000.png', 'd/e/i_00001.png'],
    [],
  ],
  [
    'a data set with captions',
    'SaveImageTextDataSetToFolder',
    { images: ['pair', 0], texts: ['text', 0], folder_name: 'd', filename_prefix: 'i', mode: 'increment' },
    ['d/i_00001_00000.png', 'd/i_00001_00000.txt', 'd/i_00002_00001.png'],
    [],
  ],
  ['a model', 'Save3DAdvanced', model('model'), ['m/m_00001.glb'], []],
  ['a splat', 'SaveGaussianSplat', model('cloud'), ['m/m_00001.ply'], []],
  ['points', 'SavePointCloud', model('cloud'), ['m/m_00001.ply'], []],
  ['a mesh', 'SaveGLB', { mesh: ['model', 1], filename_prefix: 'm/m' }, ['m/m_00001_.glb'], []],
  [
    'a shown model',
    'Preview3DAdvanced',
    { model_3d: ['model', 0], width: 64, height: 64 },
    [],
    [/^preview3d_advanced_[\da-f]{32}\.glb$/],
  ],
];

describe('where each output node of 0.33 and of custom packs writes', () => {
  let replica: TestReplica;
  let temp = '';
  let run = 0;
  beforeAll(async () => {
    const parent = await startReplica({ version: '0.33.0' });
    replica = parent;
    temp = path.join(path.dirname(parent.outputs), 'temp');
  });
  afterAll(() => replica.stop());

  async function filesBelow(root: string): Promise<string[]> {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .sort();
  }

  /** Runs one node on its own; what it has written since the last one, and its configuration. */
  async function written(classType: string, inputs: Inputs) {
    const before = { output: await filesBelow(replica.outputs), temp: await filesBelow(temp) };
    const tested = node(classType, inputs);
    const entry = await replica.run({ ...scaffold, [`tested${++run}`]: tested });
    const [output, temporary] = [await filesBelow(replica.outputs), await filesBelow(temp)];
    return {
      entry,
      output: output.filter((file) => !before.output.includes(file)),
      temp: temporary.filter((file) => !before.temp.includes(file)),
    };
  }

  test.each(cases)('%s: %s', async (name, classType, inputs, output, temporary) => {
    // Each case has a folder of its own, so that all counters start at 1.
    const own = `case ${cases.findIndex(([one]) => one === name)}`;
    const place = ['output_path', 'path', 'foldername_prefix', 'folder_name', 'filename_prefix', 'save_prefix'].find(
      (input) => typeof inputs[input] === 'string' && temporary.length === 0,
    );
    const inside = place === undefined ? inputs : { ...inputs, [place]: path.join(own, String(inputs[place])) };
    const result = await written(classType, inside);
    expect(result.entry.status).toMatchObject({ status_str: 'success' });
    expect(result.output).toEqual(place === undefined ? output : output.map((file) => path.join(own, file)));
    expect(result.temp).toHaveLength(temporary.length);
    for (const [index, pattern] of temporary.entries())
      expect(path.basename(result.temp[index] ?? '')).toMatch(pattern);
  });

  test('WAS puts the date into its path', async () => {
    const { output } = await written('Image Save', {
      ...was,
      ...wasCoolDown,
      output_path: '[time(%Y-%m-%d)]',
      extension: 'png',
    });
    expect(path.dirname(output[0] ?? '')).toMatch(today);
  });

  test('Preview3D writes a model that is not yet a file to the output directory', async () => {
    const { output } = await written('Preview3D', { model_file: ['model', 0] });
    expect(output).toEqual([expect.stringMatching(/^preview3d_[\da-f]{32}\.glb$/)]);
    expect((await written('Preview3D', { model_file: 'there.glb' })).output).toEqual([]);
  });

  test('an absolute folder is used as it is by WAS, KJ and Save Image Extended, anywhere', async () => {
    const outside = path.join(path.dirname(replica.outputs), 'outside');
    await replica.run({
      ...scaffold,
      a: node('Image Save', { ...was, ...wasCoolDown, output_path: outside, extension: 'png' }),
      b: node('SaveImageKJ', { images: image, filename_prefix: 'k', output_folder: outside }),
      c: node('SaveImageExtended', { ...extended, foldername_prefix: outside }),
    });
    expect(await filesBelow(outside)).toEqual(['W_0001.png', 'f-0001.png', 'k_00001_.png']);
  });

  test('a data set outside the output folder is rejected when it runs', async () => {
    const { entry } = await written('SaveImageDataSetToFolder', {
      images: image,
      folder_name: '../away',
      filename_prefix: 'i',
      mode: 'overwrite',
    });
    expect(entry.status.messages.at(-1)?.[1]).toMatchObject({ exception_type: 'ValueError' });
  });

  test('empty text is a file of 0 bytes, JSON is indented, the next number is found without an underscore', async () => {
    const empty = await written('SaveText', { text: '', filename_prefix: 'text/e', format: 'txt' });
    expect(empty.output).toEqual(['text/e_00001.txt']);
    expect((await stat(path.join(replica.outputs, 'text/e_00001.txt'))).size).toBe(0);
    await written('SaveText', { text: '{"a":1}', filename_prefix: 'text/e', format: 'json' });
    expect(await readFile(path.join(replica.outputs, 'text/e_00002.json'), 'utf8')).toBe('{\n  "a": 1\n}');
  });

  test('a 16 bit PNG is valid, and an input of a chosen option is required', async () => {
    const format = { format: 'png', 'format.bit_depth': '16-bit', 'format.input_color_space': 'sRGB' };
    const { output } = await written('SaveImageAdvanced', { images: image, filename_prefix: 'deep/d', ...format });
    expect(await sharp(path.join(replica.outputs, output[0] ?? '')).metadata()).toMatchObject({ depth: 'ushort' });
    const missing = await replica.post({
      prompt: { ...scaffold, x: node('SaveImageAdvanced', { images: image, filename_prefix: 'x', format: 'png' }) },
    });
    expect(missing.json).toMatchObject({
      node_errors: { x: { errors: [{ details: 'format.bit_depth' }, { details: 'format.input_color_space' }] } },
    });
  });

  test('text and sound of newer savers can be used after them', async () => {
    const entry = await replica.run({
      ...scaffold,
      1: node('PreviewAny', { source: ['text', 0] }),
      2: node('SaveText', { text: ['1', 0], filename_prefix: 'chain/t', format: 'txt' }),
      3: node('SaveAudio', { audio: ['sound', 0], filename_prefix: 'chain/a' }),
      4: node('SaveAudioAdvanced', { audio: ['3', 0], filename_prefix: ['2', 0], format: 'flac' }),
    });
    expect(entry.status.completed).toBe(true);
    expect(await filesBelow(path.join(replica.outputs, 'linked'))).toContainEqual(
      expect.stringMatching(/^name_\d{5}_\.flac$/),
    );
  });

  test('the server version before has none of them, and rejects the graph', async () => {
    const old = await startReplica();
    for (const name of ['SaveText', 'ImageCompare', 'SaveImageAdvanced']) {
      const { status, json } = await old.post({ prompt: { 1: node(name, {}) } });
      expect([status, json]).toMatchObject([400, { error: { type: 'invalid_prompt' } }]);
    }
    const words = { ...scaffold, 1: node('PreviewAny', { source: ['text', 0] }) };
    const save = { 2: node('SaveImage', { images: image, filename_prefix: ['1', 0] }) };
    expect((await old.post({ prompt: { ...words, ...save } })).json).toMatchObject({ node_errors: { 2: {} } });
    await old.stop();
  });
});
