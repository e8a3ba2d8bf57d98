import { describe, expect, test } from 'vitest';
import { type Graph, type GraphNode, isLink } from '../graph.ts';
import { rewriteGraph } from '../rewrite.ts';
import { homecoming } from './homecoming.ts';

const ATTEMPT = '0f8fad5b-d9cb-469f-a165-70867728950e';
const NOON = new Date(2026, 10, 3, 12, 5, 9).getTime();
const DIR = `comfyume/${ATTEMPT}/0`;

/** Where the inputs of one node say that it writes: what is sent for it, and what the plan says. */
function sent(classType: string, inputs: Record<string, unknown>, rest: Graph = {}, version: string | null = '0.33.0') {
  const graph: Graph = { n: { class_type: classType, inputs }, ...rest };
  const { prompt, plan, warnings, folders } = rewriteGraph(graph, ATTEMPT, { version }, NOON);
  const saves = plan.saves.filter(({ nodeId }) => nodeId === 'n');
  return { inputs: prompt.n?.inputs ?? {}, saves, warnings, folders, prompt };
}

const image = { images: ['1', 0] };
type Row = [classType: string, given: Record<string, unknown>, sent: Record<string, unknown>];
/** Class, what it is given, what is sent: all of these write below the attempt's folder, and the plan has them. */
const PLACED: Row[] = [
  ...[
    'SaveImage',
    'SaveImageAdvanced',
    'SaveAnimatedWEBP',
    'SaveAnimatedPNG',
    'SaveWEBM',
    'SaveVideo',
    'SaveAudio',
    'SaveAudioMP3',
    'SaveAudioOpus',
    'SaveAudioAdvanced',
    'SaveLatent',
    'SaveText',
    'SaveSVGNode',
    'SaveGLB',
    'Save3DAdvanced',
    'SaveGaussianSplat',
    'SavePointCloud',
    'CheckpointSave',
    'ImageOnlyCheckpointSave',
    'CLIPSave',
    'VAESave',
    'ModelSave',
    'LoraSave',
    'VHS_VideoCombine',
    'SaveImageWithAlpha',
    'DecodeAndSaveVideo',
    'SaveImageWithMetaData',
    'CR Image Output',
    'easy imageSave',
    'NobodyKnowsThisSaver',
  ].map((name): Row => [name, { filename_prefix: 'film/shot' }, { filename_prefix: `${DIR}/film/shot` }]),
  ...['SaveLoRA', 'SaveLoRANode'].map((name): Row => [name, { prefix: 'loras/me' }, { prefix: `${DIR}/loras/me` }]),
  ...['SaveImageDataSetToFolder', 'SaveImageTextDataSetToFolder'].map(
    (name): Row => [
      name,
      { ...image, folder_name: 'cats/big', filename_prefix: 'image' },
      { folder_name: `${DIR}/cats/big`, filename_prefix: 'image' },
    ],
  ),
  // A name that is no path: its folders go to the folder.
  [
    'SaveImageDataSetToFolder',
    { folder_name: 'cats', filename_prefix: 'a/b' },
    { folder_name: `${DIR}/cats/a`, filename_prefix: 'b' },
  ],
  [
    'SaveImageDataSetToFolder',
    { folder_name: '', filename_prefix: '' },
    { folder_name: `${DIR}/`, filename_prefix: '' },
  ],
  [
    'Image Save',
    { output_path: '[time(%Y-%m-%d)]', filename_prefix: 'ComfyUI' },
    { output_path: `${DIR}/[time(%Y-%m-%d)]`, filename_prefix: 'ComfyUI' },
  ],
  ['Image Save', { output_path: '', filename_prefix: 'x' }, { output_path: `${DIR}/`, filename_prefix: 'x' }],
  ['Image Save', { output_path: 'none', filename_prefix: 'x' }, { output_path: `${DIR}/`, filename_prefix: 'x' }],
  [
    'Image Save',
    { output_path: '/mnt/films', filename_prefix: '../x' },
    { output_path: `${DIR}/mnt/films`, filename_prefix: 'x' },
  ],
  [
    'Image Saver',
    { path: '2026-01-01', filename: '%time_%seed', custom: '../..' },
    { path: `${DIR}/2026-01-01`, filename: '%time_%seed', custom: '_/_' },
  ],
  ['Image Saver Simple', { path: '', filename: '' }, { path: `${DIR}/`, filename: '' }],
  ['SDPromptSaver', { path: '%date/', filename: '%time' }, { path: `${DIR}/%date`, filename: '%time' }],
  [
    'SaveImageExtended',
    { foldername_prefix: '', foldername_keys: '../, cfg', filename_prefix: 'x', filename_keys: 'seed' },
    { foldername_prefix: `${DIR}/`, foldername_keys: '_/, cfg', filename_prefix: 'x', filename_keys: 'seed' },
  ],
  [
    'SaveImageKJ',
    { output_folder: '/data/films', filename_prefix: 'film/x' },
    { output_folder: 'output', filename_prefix: `${DIR}/film/x` },
  ],
  [
    'SaveStringKJ',
    { output_folder: 'output', filename_prefix: 'film/x' },
    { output_folder: `${DIR}/film`, filename_prefix: 'x' },
  ],
  ['SaveText|pysssss', { root_dir: 'input', file: '../notes.txt' }, { root_dir: 'output', file: `${DIR}/notes.txt` }],
  // Classes that nobody knows, by the inputs that they have.
  ['easy kSampler', { image_output: 'Save', save_prefix: 'a/b' }, { save_prefix: `${DIR}/a/b` }],
  ['easy kSampler', { image_output: 'Hide&Save', save_prefix: 'a' }, { save_prefix: `${DIR}/a` }],
  ['easy kSampler', { image_output: 'Sender', save_prefix: 'a' }, { save_prefix: `${DIR}/a` }],
  ['easy imageRemBg', { image_output: 'Hide/Save', save_prefix: 'a' }, { save_prefix: `${DIR}/a` }],
  ['Other', { output_path: 'p', filename_prefix: 'x' }, { output_path: `${DIR}/p`, filename_prefix: 'x' }],
  ['Other', { path: '/p', filename_prefix: 'x' }, { path: `${DIR}/p`, filename_prefix: 'x' }],
  [
    'Other',
    { folder_name: 'f', path: 'p', filename_prefix: 'x' },
    { path: `${DIR}/p`, folder_name: 'f', filename_prefix: 'x' },
  ],
  ['Other', { output_folder: 'C:\\films', save_prefix: 'x' }, { output_folder: `${DIR}/C_/films`, save_prefix: 'x' }],
  ['Other', { output_folder: 'films', save_prefix: 'x' }, { output_folder: 'films', save_prefix: `${DIR}/x` }],
  // Names.
  ['SaveImage', { filename_prefix: 'film\\scene 3\\take' }, { filename_prefix: `${DIR}/film/scene 3/take` }],
  ['SaveImage', { filename_prefix: '../../etc/x' }, { filename_prefix: `${DIR}/etc/x` }],
  ['SaveImage', { filename_prefix: 'd_%date:yyyy-MM-dd%' }, { filename_prefix: `${DIR}/d_2026-11-03` }],
  ['SaveImage', { filename_prefix: 'a/b/' }, { filename_prefix: `${DIR}/a/b` }],
];
test.each(PLACED)('%s: given %j, it is sent %j', (classType, given, expected) => {
  const { inputs, saves, warnings } = sent(classType, given);
  expect(inputs).toMatchObject(expected);
  expect(saves).toMatchObject([{ classType, dir: '0', isPreview: false }]);
  expect(warnings).toEqual([]);
});

const LOST: [classType: string, inputs: Record<string, unknown>, why: RegExp][] = [
  ['SaveTrainingDataset', { folder_name: 'x' }, /training data, which is not shared/],
  ['TripoTextToModelNode', { prompt: 'x' }, /Save 3D Model/],
  ['MeshyRigModelNode', {}, /Save 3D Model/],
  ['TencentImageToModelNode', {}, /Save 3D Model/],
  ['Save Text File', { path: './x', filename_prefix: 'x' }, /started in, which is not shared/],
  ['easy saveText', { output_file_path: 'x', file_name: 'y' }, /started in/],
  ['ttN imageOutput', { output_path: '/x', save_prefix: 'y' }, /started in/],
  ['CR XY Save Grid Image', { output_folder: 'x', filename_prefix: 'y' }, /on the worker already/],
  ['LossGraphNode', { filename_prefix: 'x' }, /shows cannot be saved/],
  ['LatentSender', { filename_prefix: 'x' }, /shows cannot be saved/],
  ['SaveItSomewhere', { where: 'x' }, /unknown whether and where this node writes/],
];
test.each(LOST)('%s does not come back, and that is said', (classType, given, why) => {
  const { inputs, saves, warnings } = sent(classType, given);
  expect(inputs).toEqual(given);
  expect(saves).toEqual([]);
  expect(warnings).toEqual([{ nodeId: 'n', classType, message: expect.stringMatching(why) }]);
  expect(warnings[0]?.message).toContain(`${classType} (node n)`);
});

test.each([
  ['a loader keeps its path', 'VHS_LoadVideoPath', { path: '/x/y', filename: 'z' }],
  ['no saver by its name alone', 'KSampler', { save: true }],
  ['told not to save', 'easy kSampler', { image_output: 'Hide', save_prefix: 'x' }],
])('%s: nothing is placed or said', (_, classType, given) => {
  const { inputs, saves, warnings } = sent(classType, given);
  expect({ inputs, saves, warnings }).toEqual({ inputs: given, saves: [], warnings: [] });
});
test('a node that is used is no saver that nobody knows', () =>
  expect(sent('Export It', {}, { o: { class_type: 'SaveImage', inputs: { images: ['n', 0] } } }).warnings).toEqual([]));

test.each([
  ['VHS_VideoCombine', { save_output: false, filename_prefix: 'p' }, 'filename_prefix'],
  ['easy kSampler', { image_output: 'Preview', save_prefix: 'p' }, 'save_prefix'],
  ['CR Image Output', { output_type: 'Preview', filename_prefix: 'p' }, 'filename_prefix'],
  ['PreviewImage', { images: ['1', 0] }, 'filename_prefix'],
])('%s shows, and is placed as a preview', (classType, given, input) => {
  const { inputs, saves } = sent(classType, given, { '1': { class_type: 'EmptyImage', inputs: {} } });
  expect(saves).toMatchObject([{ nodeId: 'n', classType, isPreview: true, dir: '0' }]);
  expect(inputs[input]).toMatch(new RegExp(`^${DIR}/`));
});

describe('names that are linked', () => {
  const text = (value: unknown): GraphNode => ({ class_type: 'PrimitiveString', inputs: { value } });
  const named = (link: unknown, rest: Graph, version: string | null = null) =>
    sent(
      'SaveImage',
      { ...image, filename_prefix: link },
      { '1': { class_type: 'EmptyImage', inputs: {} }, ...rest },
      version,
    );

  test.each<[string, Graph, string]>([
    ['a text', { t: text('scene_12/take') }, 'scene_12/take'],
    ['a long text', { t: { class_type: 'PrimitiveStringMultiline', inputs: { value: '../x' } } }, 'x'],
    ['a date', { t: text('%date:yy/M%') }, '26/11'],
    [
      'two that are joined',
      {
        t: { class_type: 'StringConcatenate', inputs: { string_a: ['a', 0], string_b: 'b', delimiter: '/' } },
        a: text('a'),
      },
      'a/b',
    ],
  ])('%s that is known by now is used as it is', (_, rest, expected) => {
    const { inputs, prompt } = named(['t', 0], rest);
    expect(inputs.filename_prefix).toBe(`${DIR}/${expected}`);
    expect(Object.values(prompt).some(({ class_type }) => class_type === 'StringReplace')).toBe(false);
  });

  const dynamic: Graph = { t: { class_type: 'SomeText', inputs: {} } };
  /** What core nodes make of it on the worker. */
  const worked = (prompt: Graph, value: unknown, text: string): string => {
    if (!isLink(value)) return String(value);
    const { class_type, inputs } = prompt[value[0]] ?? { class_type: '', inputs: {} };
    if (class_type === 'SomeText') return text;
    const of = (name: string) => worked(prompt, inputs[name], text);
    return class_type === 'StringReplace'
      ? of('string').replaceAll(of('find'), of('replace'))
      : `${of('string_a')}${of('delimiter')}${of('string_b')}`;
  };

  test.each([
    ['film/shot', 'film/shot'],
    ['film\\shot', 'film/shot'],
    ['../../x', '_/_/x'],
    ['..\\..\\x', '_/_/x'],
    ['/abs', '/abs'],
    ['....//x', '__//x'],
  ])('one that only the worker knows is joined to the folder there: %s becomes %s', (text, expected) => {
    const { inputs, prompt } = named(['t', 0], dynamic);
    expect(worked(prompt, inputs.filename_prefix, text)).toBe(`${DIR}/${expected}`);
  });

  test('a folder and a plain name that only the worker knows', () => {
    const { inputs, prompt } = sent('Image Save', { output_path: ['t', 0], filename_prefix: ['t', 0] }, dynamic);
    expect(worked(prompt, inputs.output_path, '../a/b')).toBe(`${DIR}/_/a/b`);
    expect(worked(prompt, inputs.filename_prefix, '../a\\b')).toBe('__a_b');
  });

  test('an old worker cannot join: its own name is left, and that is said', () => {
    const { inputs, warnings } = named(['t', 0], dynamic, '0.3.10');
    expect(inputs.filename_prefix).toBe(`${DIR}/ComfyUI`);
    expect(warnings).toEqual([
      {
        nodeId: 'n',
        classType: 'SaveImage',
        message: expect.stringMatching(/0\.3\.10 cannot join .*“filename_prefix”/),
      },
    ]);
  });

  test('texts that double at every step are not followed', () => {
    const rest: Record<string, GraphNode> = { t0: text('x'.repeat(100)) };
    for (let n = 1; n < 40; n += 1)
      rest[n === 39 ? 't' : `t${n}`] = {
        class_type: 'StringConcatenate',
        inputs: { string_a: [`t${n - 1}`, 0], string_b: [`t${n - 1}`, 0], delimiter: '' },
      };
    expect(isLink(named(['t', 0], rest).inputs.filename_prefix)).toBe(true);
  });
});

test('folders that nodes were told to write into are made before', () => {
  const { folders } = sent('Other', { output_path: 'p/q', filename_prefix: 'r/x' });
  expect(folders).toEqual([`${DIR}/p/q/r`]);
});

test('what comes back of a graph, with what does not beside it', () => {
  const { saves, previews, warnings } = homecoming(
    {
      a: { class_type: 'SaveImage', inputs: { ...image, filename_prefix: 'x' } },
      b: { class_type: 'PreviewImage', inputs: image },
      c: { class_type: 'Save Text File', inputs: { path: 'x', filename_prefix: 'y' } },
      d: { class_type: 'LatentSender', inputs: { filename_prefix: 'y' } },
    },
    null,
  );
  expect(saves.map(({ nodeId }) => nodeId)).toEqual(['a']);
  expect(previews.writers.map(({ nodeId }) => nodeId)).toEqual(['b']);
  expect(warnings.map(({ nodeId }) => nodeId)).toEqual(['c', 'd']);
});
