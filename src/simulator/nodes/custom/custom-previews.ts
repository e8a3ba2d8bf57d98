import path from 'node:path';
import { encodePng } from '../../media/png.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { choice, classInfo, flag, int, link, type NodeClassEntries, text } from '../node-class.ts';
import { savePngs, temporaryName } from '../save/save-images.ts';
import { ImageBatch } from '../values.ts';

const choices = choice('Preview', 'Preview&Choose', 'Save', 'Hide', 'Hide&Save', 'None', 'Sender', 'Sender&Save');

/** Easy-Use: saved for all except "Preview…", which is temporary, and "Hide" and "None", which are nothing. */
async function easyOutput(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const images = inputs.image('image');
  const wanted = inputs.text('image_output', 'Preview');
  if (wanted === 'Hide' || wanted === 'None') return { values: [images] };
  const isPreview = wanted.startsWith('Preview');
  const prefix = isPreview ? temporaryName('easyPreview') : inputs.text('save_prefix', 'ComfyUI');
  const saved = await savePngs(images, prefix, isPreview ? 'temp' : 'output', context);
  return wanted === 'Hide&Save' ? { values: [images] } : { values: [images], ui: saved.ui ?? {} };
}

async function easySave(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const isPreview = inputs.flag('only_preview');
  const prefix = isPreview ? temporaryName('easyPreview') : inputs.text('filename_prefix', 'ComfyUI');
  return savePngs(inputs.image('images'), prefix, isPreview ? 'temp' : 'output', context);
}

async function sendLatent(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const { width, height } = inputs.latent('samples');
  const place = await context.place(inputs.text('filename_prefix', 'latents/LatentSender'), 'temp', 0, 0);
  const filename = `${place.base}_${String(place.counter).padStart(5, '0')}_.latent.png`;
  const [small, tall] = [Math.max(1, width >> 3), Math.max(1, height >> 3)];
  const frame = new Uint8Array(small * tall * 3).fill(116);
  const bytes = await encodePng(new ImageBatch(small, tall, 3, [frame]), frame);
  await context.writeFile(path.join(place.folder, filename), [bytes], 0);
  return { values: [], ui: { images: [{ filename, subfolder: place.subfolder, type: 'temp' }] } };
}

/** In the core for long; its prefix is not a path, and its inputs come from training only. */
async function drawLoss(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const filename = `${inputs.text('filename_prefix')}_${now.slice(0, 8)}_${now.slice(8)}.png`;
  const frame = new Uint8Array(64 * 40 * 3).fill(250);
  const bytes = await encodePng(new ImageBatch(64, 40, 3, [frame]), frame);
  await context.writeFile(path.join(context.temp, filename), [bytes], 0);
  return { values: [], ui: { images: [{ filename, subfolder: '', type: 'temp' }] } };
}

export const lossNodes = { LossGraphNode: drawLoss };

/** Nodes of custom packs that write to the temp directory, always or by a switch. */
export const customPreviewNodes: NodeClassEntries = {
  'easy kSampler': {
    info: classInfo('easy kSampler', {
      module: 'custom_nodes.comfyui-easy-use',
      isOutput: true,
      required: { image_output: choices, save_prefix: text('ComfyUI'), link_id: int(0) },
      optional: { image: link('IMAGE'), pipe: link('PIPE_LINE'), model: link('MODEL') },
      output: ['IMAGE'],
    }),
    run: easyOutput,
  },
  'easy imageSave': {
    info: classInfo('easy imageSave', {
      module: 'custom_nodes.comfyui-easy-use',
      isOutput: true,
      required: { images: link('IMAGE'), filename_prefix: text('ComfyUI'), only_preview: flag(false) },
    }),
    run: easySave,
  },
  ImageSender: {
    info: classInfo('ImageSender', {
      module: 'custom_nodes.comfyui-impact-pack',
      isOutput: true,
      required: { images: link('IMAGE'), filename_prefix: text('ImgSender'), link_id: int(0) },
    }),
    run: (inputs, context) =>
      savePngs(inputs.image('images'), temporaryName(inputs.text('filename_prefix')), 'temp', context),
  },
  LatentSender: {
    info: classInfo('LatentSender', {
      module: 'custom_nodes.comfyui-impact-pack',
      isOutput: true,
      required: {
        samples: link('LATENT'),
        filename_prefix: text('latents/LatentSender'),
        link_id: int(0),
        preview_method: text('Latent2RGB-SD15'),
      },
    }),
    run: sendLatent,
  },
};
