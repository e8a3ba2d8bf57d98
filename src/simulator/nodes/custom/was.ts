import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type JsonObject, PythonError } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { choice, classInfo, int, type NodeClassEntries, text } from '../node-class.ts';
import { encoded, formatted, images, makeFolder, saved } from './save-picture.ts';

/** `[time(%Y-%m-%d)]`, as WAS nodes have it. */
const withTime = (given: string): string =>
  given.replace(/\[time\(([^)]*)\)\]/g, (_, format: string) => formatted(format));

/** WAS: the path is created, the prefix is not a path; a file that cannot be written is an error on the console only. */
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

const bool = (first: 'true' | 'false') => choice(first, first === 'true' ? 'false' : 'true');
export const wasNodes: NodeClassEntries = {
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
};
