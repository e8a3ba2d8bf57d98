import path from 'node:path';
import recorded from '../../fixtures/object_info.json' with { type: 'json' };
import { encodeExr } from '../../media/exr.ts';
import { pngPieces } from '../../media/png.ts';
import type { JsonObject } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import { metadataEntries } from '../metadata.ts';
import type { NodeContext, NodeResult, NodeRun } from '../node.ts';
import { choice, classInfo, dynamic, int, link, type NodeClassEntries, text } from '../node-class.ts';
import { primitiveNodes } from '../text/primitives.ts';
import { ImageBatch } from '../values.ts';
import { audioNodes, encodingOf, saveSound } from './audio.ts';
import { savePngs, temporaryName } from './save-images.ts';

const since = '0.33.0';
const saver = { module: 'comfy_extras.nodes_newer', isOutput: true } as const;
const bare = (base: string, counter: number, extension: string): string =>
  `${base}_${String(counter).padStart(5, '0')}.${extension}`;

function indented(given: string): string {
  try {
    return JSON.stringify(JSON.parse(given), null, 2);
  } catch {
    return given;
  }
}

async function saveText(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const given = inputs.text('text');
  const format = inputs.text('format', 'txt');
  const place = await context.place(inputs.text('filename_prefix'), 'output', 1, 1);
  const filename = bare(place.base, place.counter, format);
  const bytes = Buffer.from(format === 'json' ? indented(given) : given);
  await context.writeFile(path.join(place.folder, filename), bytes.length === 0 ? [] : [bytes], 0);
  return { values: [given], ui: { text: [given], files: [{ filename, subfolder: place.subfolder, type: 'output' }] } };
}

async function saveImage(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const batch = inputs.image('images');
  const format = inputs.text('format');
  const depth = inputs.text('format.bit_depth') === '16-bit' ? 16 : 8;
  const place = await context.place(inputs.text('filename_prefix'), 'output', batch.width, batch.height);
  const entries = metadataEntries(context.metadata);
  const images: JsonObject[] = [];
  for (const [index, frame] of batch.frames.entries()) {
    const base = place.base.replaceAll('%batch_num%', String(index));
    const filename = bare(base, place.counter + index, format);
    const pieces = format === 'exr' ? [encodeExr(batch, frame, entries)] : pngPieces(batch, frame, entries, 4, depth);
    await context.writeFile(path.join(place.folder, filename), pieces, 7);
    images.push({ filename, subfolder: place.subfolder, type: 'output' });
  }
  return { values: [batch], ui: { images } };
}

async function compare(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const ui: JsonObject = { a_images: [], b_images: [] };
  for (const side of ['a', 'b'] as const) {
    if (inputs.get(`image_${side}`) === undefined) continue;
    const prefix = temporaryName(`comfy.compare.${side}`);
    const saved = await savePngs(inputs.image(`image_${side}`), prefix, 'temp', context);
    ui[`${side}_images`] = saved.ui?.images ?? [];
  }
  return { values: [], ui };
}

function boxes(inputs: Inputs): NodeResult {
  const [width, height] = [inputs.number('width'), inputs.number('height')];
  const given = inputs.get('background') === undefined ? null : inputs.image('background');
  const preview = given ?? new ImageBatch(width, height, 3, [new Uint8Array(width * height * 3)]);
  return { values: [preview, [], []], ui: { dims: [width, height] } };
}

const quality = (...options: [string, ...string[]]) => ({ quality: choice(...options) });

/** A class to which newer servers have added an output. */
function withOutput(name: keyof typeof recorded, type: string, run: NodeRun | undefined) {
  if (!run) throw new Error(`There is no ${name} to build upon.`);
  const info: JsonObject = { ...recorded[name], output: [type], output_is_list: [false], output_name: [type] };
  return { info, run };
}

/** Output nodes of the core that the recorded server does not have yet, or has without an output. */
export const newerOutputs: NodeClassEntries = {
  SaveText: {
    since,
    info: classInfo('SaveText', {
      ...saver,
      required: {
        text: text('', { forceInput: true }),
        filename_prefix: text('ComfyUI'),
        format: choice('txt', 'csv', 'md', 'json'),
      },
      hidden: 'none',
      output: ['STRING'],
    }),
    run: saveText,
  },
  SaveImageAdvanced: {
    since,
    info: classInfo('SaveImageAdvanced', {
      ...saver,
      required: {
        images: link('IMAGE'),
        filename_prefix: text('ComfyUI'),
        format: dynamic({
          png: { bit_depth: choice('8-bit', '16-bit'), input_color_space: choice('sRGB') },
          exr: { bit_depth: choice('32-bit float'), input_color_space: choice('sRGB', 'HDR', 'linear') },
        }),
      },
      output: ['IMAGE'],
    }),
    run: saveImage,
  },
  SaveAudioAdvanced: {
    since,
    info: classInfo('SaveAudioAdvanced', {
      ...saver,
      required: {
        audio: link('AUDIO'),
        filename_prefix: text('audio/ComfyUI'),
        format: dynamic({
          flac: {},
          mp3: quality('V0', '128k', '320k'),
          opus: quality('64k', '96k', '128k', '192k', '320k'),
        }),
      },
      output: ['AUDIO'],
    }),
    run: (inputs, context) => {
      const encoding = encodingOf(inputs.text('format'), inputs.text('format.quality', '128k'));
      return saveSound(inputs.audio('audio'), inputs.text('filename_prefix'), 'output', encoding, context);
    },
  },
  SaveAudio: { since, ...withOutput('SaveAudio', 'AUDIO', audioNodes.SaveAudio) },
  SaveAudioMP3: { since, ...withOutput('SaveAudioMP3', 'AUDIO', audioNodes.SaveAudioMP3) },
  SaveAudioOpus: { since, ...withOutput('SaveAudioOpus', 'AUDIO', audioNodes.SaveAudioOpus) },
  PreviewAudio: { since, ...withOutput('PreviewAudio', 'AUDIO', audioNodes.PreviewAudio) },
  PreviewAny: { since: '0.19.3', ...withOutput('PreviewAny', 'STRING', primitiveNodes.PreviewAny) },
  ImageCompare: {
    since,
    info: classInfo('ImageCompare', {
      ...saver,
      optional: { image_a: link('IMAGE'), image_b: link('IMAGE'), compare_view: link('IMAGECOMPARE') },
      hidden: 'none',
    }),
    run: compare,
  },
  CreateBoundingBoxes: {
    since,
    info: classInfo('CreateBoundingBoxes', {
      ...saver,
      required: { width: int(1024), height: int(1024) },
      optional: { background: link('IMAGE'), bboxes: link('*'), editor_state: link('BOUNDING_BOXES') },
      hidden: 'none',
      output: ['IMAGE', 'BOUNDING_BOX', 'ARRAY'],
    }),
    run: boxes,
  },
};
