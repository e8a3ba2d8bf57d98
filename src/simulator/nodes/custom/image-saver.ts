import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { choice, classInfo, int, type NodeClassEntries, text } from '../node-class.ts';
import type { ImageBatch } from '../values.ts';
import { encoded, formatted, images, makeFolder, saved, two } from './save-picture.ts';

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

/** The first free name: bare, then `_01`, `_02`, … */
async function freeName(folder: string, prefix: string, extension: string): Promise<string> {
  const taken = (await readdir(folder)).filter((name) => name.startsWith(prefix) && name.endsWith(extension));
  if (taken.length === 0) return prefix;
  const numbers = taken.flatMap((name) => {
    const last = path.parse(name).name.split('_').at(-1) ?? '';
    return /^\d+$/.test(last) ? [Number(last)] : [];
  });
  return `${prefix}_${two(Math.max(0, ...numbers) + 1)}`;
}

/** Image Saver (alexopus): `path` is created, the name is not checked, and a slash in it is an error of the run. */
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

export const imageSaverNodes: NodeClassEntries = {
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
};
