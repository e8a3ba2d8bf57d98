import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { classInfo, int, type NodeClassEntries, text } from '../node-class.ts';
import { encoded, images, makeFolder, saved } from './save-picture.ts';

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

export const imageExtendedNodes: NodeClassEntries = {
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
};
