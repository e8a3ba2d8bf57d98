import path from 'node:path';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { classInfo, type NodeClassEntries, text } from '../node-class.ts';
import { outputPlace } from '../output-path.ts';
import { saveFrame } from '../save/save-images.ts';
import { images } from './save-picture.ts';

/** KJ: an absolute folder is used as it is, anywhere; a caption is saved beside its picture. Nothing appears in the history. */
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

export const kjNodes: NodeClassEntries = {
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
