import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { encodePng } from '../../media/png.ts';
import { fileError, PythonError, repr } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { choice, classInfo, link, type NodeClassEntries, text } from '../node-class.ts';
import { isInside } from '../output-path.ts';

const since = '0.3.76';

/** In the folder that it names, with a prefix that is not a path; nothing appears in the history. */
async function saveDataset(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const batch = inputs.image('images');
  const name = inputs.text('folder_name');
  const folder = path.resolve(context.outputs, name);
  if (!isInside(context.outputs, folder)) {
    throw new PythonError('ValueError', `Invalid folder name ${repr(name)}: resolves outside of ${context.outputs}`);
  }
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError(error, folder);
  });
  const prefix = inputs.text('filename_prefix');
  const given = inputs.get('texts');
  const captions = given === undefined ? [] : Array.isArray(given) ? given : [given];
  const overwrites = inputs.text('mode', 'overwrite') === 'overwrite';
  for (const [index, frame] of batch.frames.entries()) {
    // Only counting creates the folders that a prefix names.
    const counted = overwrites ? null : await context.place(path.join(folder, prefix), 'output', 0, 0);
    const number = counted ? `_${String(counted.counter).padStart(5, '0')}` : '';
    const stem = path.join(folder, `${prefix}${number}_${String(index).padStart(5, '0')}`);
    await context.writeFile(`${stem}.png`, [await encodePng(batch, frame)], 0);
    const caption = captions[index];
    if (typeof caption === 'string') await context.writeFile(`${stem}.txt`, [Buffer.from(caption)], 0);
  }
  return { values: [] };
}

const shape = {
  module: 'comfy_extras.nodes_dataset',
  isOutput: true,
  hidden: 'none',
  required: {
    images: link('IMAGE'),
    folder_name: text('dataset'),
    filename_prefix: text('image'),
    mode: choice('overwrite', 'increment'),
  },
} as const;

export const datasetNodes: NodeClassEntries = {
  SaveImageDataSetToFolder: {
    since,
    info: classInfo('SaveImageDataSetToFolder', shape),
    run: saveDataset,
  },
  SaveImageTextDataSetToFolder: {
    since,
    info: classInfo('SaveImageTextDataSetToFolder', { ...shape, optional: { texts: link('STRING') } }),
    run: saveDataset,
  },
};
