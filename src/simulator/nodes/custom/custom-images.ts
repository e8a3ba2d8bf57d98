import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pngPieces } from '../../media/png.ts';
import { fileError, type JsonObject, PythonError } from '../../replica/python.ts';
import { asSharp } from '../images/pixels.ts';
import type { Inputs } from '../inputs.ts';
import { metadataEntries } from '../metadata.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { choice, classInfo, int, link, type NodeClassEntries, text } from '../node-class.ts';
import { isInside, outputPlace } from '../output-path.ts';
import { saveFrame } from '../save/save-images.ts';
import type { ImageBatch } from '../values.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** The part of Python's strftime that people put into names. */
function formatted(format: string): string {
  const now = new Date();
  const parts: { [code: string]: string } = {
    Y: String(now.getFullYear()),
    y: two(now.getFullYear() % 100),
    m: two(now.getMonth() + 1),
    d: two(now.getDate()),
    H: two(now.getHours()),
    M: two(now.getMinutes()),
    S: two(now.getSeconds()),
  };
  return format.replace(/%(\w)/g, (whole, code: string) => parts[code] ?? whole);
}

/** `[time(%Y-%m-%d)]`, as WAS nodes have it. */
const withTime = (given: string): string =>
  given.replace(/\[time\(([^)]*)\)\]/g, (_, format: string) => formatted(format));

async function encoded(batch: ImageBatch, frame: Uint8Array, extension: string, context: NodeContext): Promise<Buffer> {
  if (extension === 'jpg' || extension === 'jpeg') return asSharp(batch, frame).jpeg().toBuffer();
  if (extension === 'webp') return asSharp(batch, frame).webp({ lossless: true }).toBuffer();
  if (extension === 'tiff') return asSharp(batch, frame).tiff().toBuffer();
  if (extension === 'gif') return asSharp(batch, frame).gif().toBuffer();
  const pieces: Buffer[] = [];
  for await (const piece of pngPieces(batch, frame, metadataEntries(context.metadata), 4)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError(error, folder);
  });
}

/** What these nodes say of a file: nothing checks that it lies below the output directory. */
const saved = (folder: string, filename: string, { outputs }: NodeContext): JsonObject => ({
  filename,
  subfolder: isInside(outputs, folder) ? path.relative(outputs, folder) : folder,
  type: 'output',
});

/** WAS: the path is made, the prefix is no path; a file that cannot be written is an error on the console only. */
async function saveWas(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const batch = inputs.image('images');
  const given = inputs.text('output_path', '');
  const folder = ['', 'none', '.'].includes(given) ? context.outputs : path.resolve(context.outputs, withTime(given));
  const prefix = withTime(inputs.text('filename_prefix', 'ComfyUI'));
  const delimiter = inputs.text('filename_delimiter', '_');
  const extension = inputs.text('extension', 'png');
  const isNumberFirst = inputs.text('filename_number_start', 'false') === 'true';
  await makeFolder(folder);
  const start = isNumberFirst ? `${delimiter}${prefix}` : `${prefix}${delimiter}`;
  const numbers = (await readdir(folder)).flatMap((name) => {
    const rest = isNumberFirst || !name.startsWith(start) ? name : name.slice(start.length);
    const digits = /^\d+/.exec(rest)?.[0];
    const isOne = isNumberFirst ? name.slice(digits?.length).startsWith(start) : rest !== name;
    return digits !== undefined && isOne ? [Number(digits)] : [];
  });
  let counter = Math.max(0, ...numbers) + 1;
  const images: JsonObject[] = [];
  for (const frame of batch.frames) {
    const number = String(counter).padStart(inputs.number('filename_number_padding', 4), '0');
    const isPlain = inputs.text('overwrite_mode', 'false') === 'prefix_as_filename';
    const stem = isPlain ? prefix : isNumberFirst ? `${number}${start}` : `${start}${number}`;
    const filename = `${stem}.${extension}`;
    const bytes = await encoded(batch, frame, extension, context);
    try {
      await context.writeFile(path.join(folder, filename), [bytes], 0);
      images.push(saved(path.dirname(path.join(folder, filename)), filename, context));
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      process.stderr.write(`Unable to save file to: ${path.join(folder, filename)}\n${error.message}\n`);
    }
    if (!isPlain) counter += 1;
  }
  return { values: [], ui: { images: inputs.text('show_previews', 'true') === 'true' ? images : [] } };
}

function fillIn(given: string, inputs: Inputs, batch: ImageBatch): string {
  return given
    .replaceAll('%date', formatted('%Y-%m-%d'))
    .replaceAll('%time', formatted(inputs.text('time_format', '%Y-%m-%d-%H%M%S')))
    .replaceAll('%model', inputs.text('modelname', ''))
    .replaceAll('%width', String(batch.width))
    .replaceAll('%height', String(batch.height))
    .replaceAll('%seed', String(inputs.number('seed_value', 0)))
    .replaceAll('%counter', String(inputs.number('counter', 0)));
}

/** The first name of this kind that is free: bare, then `_01`, `_02`, … */
async function freeName(folder: string, prefix: string, extension: string): Promise<string> {
  const taken = (await readdir(folder)).filter((name) => name.startsWith(prefix) && name.endsWith(extension));
  if (taken.length === 0) return prefix;
  const numbers = taken.flatMap((name) => {
    const last = path.parse(name).name.split('_').at(-1) ?? '';
    return /^\d+$/.test(last) ? [Number(last)] : [];
  });
  return `${prefix}_${two(Math.max(0, ...numbers) + 1)}`;
}

/** Image Saver (alexopus): `path` is made, the name is not checked, and a slash in it is an error of the run. */
async function saveNamed(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const batch = inputs.image('images');
  const extension = inputs.text('extension', 'png');
  const name = fillIn(inputs.text('filename'), inputs, batch) || formatted('%Y-%m-%d-%H%M%S');
  const folder = path.resolve(context.outputs, fillIn(inputs.text('path'), inputs, batch));
  await makeFolder(folder);
  const images: JsonObject[] = [];
  for (const frame of batch.frames) {
    const filename = `${await freeName(folder, name, extension)}.${extension}`;
    await context.writeFile(path.join(folder, filename), [await encoded(batch, frame, extension, context)], 0);
    images.push(saved(folder, filename, context));
  }
  return { values: [''], ui: { images } };
}

/** Save Image Extended: the folder's prefix comes before all of the file's prefix. */
async function saveExtended(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const batch = inputs.image('images');
  const base = path.resolve(context.outputs, inputs.text('foldername_prefix', ''));
  const target = path.join(base, inputs.text('filename_prefix', 'ComfyUI'));
  const [folder, name] = [path.dirname(target), path.basename(target)];
  await makeFolder(folder);
  const digits = inputs.number('counter_digits', 4);
  const delimiter = inputs.text('delimiter', '-').slice(0, 1);
  const start = `${name}${delimiter}`;
  const numbers = (await readdir(folder)).flatMap((entry) =>
    entry.startsWith(start) && /^\d+\.png$/.test(entry.slice(start.length))
      ? [Number.parseInt(entry.slice(start.length), 10)]
      : [],
  );
  const first = Math.max(0, ...numbers) + 1;
  const images: JsonObject[] = [];
  for (const [index, frame] of batch.frames.entries()) {
    const filename = `${start}${String(first + index).padStart(digits, '0')}.png`;
    await context.writeFile(path.join(folder, filename), [await encoded(batch, frame, 'png', context)], 0);
    images.push(saved(folder, filename, context));
  }
  if (inputs.text('save_job_data', 'disabled') !== 'disabled') {
    await context.writeFile(path.join(folder, 'jobs.json'), [Buffer.from('{}\n')], 0);
  }
  return { values: [], ui: { images } };
}

/** KJ: an absolute folder is taken as it is, wherever it is; a caption lies beside its picture. Tells the history nothing. */
async function saveKj(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const batch = inputs.image('images');
  const given = inputs.text('output_folder', 'output');
  const prefix = inputs.text('filename_prefix', 'ComfyUI');
  const place = path.isAbsolute(given)
    ? await outputPlace(prefix, given, batch, false)
    : await context.place(prefix, 'output', batch.width, batch.height);
  let last = '';
  for (const index of batch.frames.keys()) {
    last = (await saveFrame(batch, index, place, index, context)).filename;
    if (inputs.get('caption') === undefined) continue;
    const caption = `${path.parse(last).name}${inputs.text('caption_file_extension', '.txt')}`;
    await context.writeFile(path.join(place.folder, caption), [Buffer.from(inputs.text('caption'))], 0);
  }
  return { values: [last] };
}

const bool = (first: 'true' | 'false') => choice(first, first === 'true' ? 'false' : 'true');
const images = { images: link('IMAGE') };

/** Savers of custom nodes whose folder is not in the prefix. */
export const customImageNodes: NodeClassEntries = {
  'Image Save': {
    info: classInfo('Image Save', {
      module: 'custom_nodes.was-node-suite-comfyui',
      isOutput: true,
      required: {
        ...images,
        output_path: text('[time(%Y-%m-%d)]'),
        filename_prefix: text('ComfyUI'),
        filename_delimiter: text('_'),
        filename_number_padding: int(4),
        filename_number_start: bool('false'),
        extension: choice('png', 'jpg', 'jpeg', 'gif', 'tiff', 'webp'),
        quality: int(100),
        overwrite_mode: choice('false', 'prefix_as_filename'),
        show_previews: bool('true'),
      },
      optional: { lossless_webp: bool('false'), embed_workflow: bool('true') },
    }),
    run: saveWas,
  },
  'Image Saver': {
    info: classInfo('Image Saver', {
      module: 'custom_nodes.comfyui-image-saver',
      isOutput: true,
      required: {
        ...images,
        filename: text('%time_%basemodelname_%seed'),
        path: text(),
        extension: choice('png', 'jpeg', 'jpg', 'webp'),
      },
      optional: { modelname: text(), seed_value: int(0), counter: int(0), time_format: text('%Y-%m-%d-%H%M%S') },
      output: ['STRING'],
    }),
    run: saveNamed,
  },
  SaveImageExtended: {
    info: classInfo('SaveImageExtended', {
      module: 'custom_nodes.save-image-extended-comfyui',
      isOutput: true,
      required: {
        ...images,
        filename_prefix: text('ComfyUI'),
        filename_keys: text(),
        foldername_prefix: text(),
        foldername_keys: text(),
      },
      optional: { delimiter: text('-'), counter_digits: int(4), save_job_data: text('disabled') },
    }),
    run: saveExtended,
  },
  SaveImageKJ: {
    info: classInfo('SaveImageKJ', {
      module: 'custom_nodes.comfyui-kjnodes',
      isOutput: true,
      required: { ...images, filename_prefix: text('ComfyUI'), output_folder: text('output') },
      optional: { caption_file_extension: text('.txt'), caption: text('', { forceInput: true }) },
      output: ['STRING'],
    }),
    run: saveKj,
  },
};
