import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { encodeWithFfmpeg } from '../../media/ffmpeg.ts';
import { mp4Pieces } from '../../media/mp4.ts';
import { pngPieces } from '../../media/png.ts';
import { encodeWebp } from '../../media/webp.ts';
import { PythonError } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import { metadataEntries } from '../metadata.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { choice, classInfo, flag, float, int, link, type NodeClassEntries, text } from '../node-class.ts';
import { type ImageBatch, Video } from '../values.ts';
import type { Pieces } from '../write-file.ts';

const encoders: { [format: string]: { extension: string; args: readonly string[] } } = {
  'video/webm': { extension: 'webm', args: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-pix_fmt', 'yuv420p'] },
  'video/ProRes': { extension: 'mov', args: ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'] },
  'image/gif': { extension: 'gif', args: ['-c:v', 'gif'] },
};

async function nextNumber(folder: string, base: string): Promise<number> {
  const numbers = (await readdir(folder)).flatMap((entry) => {
    const rest = entry.toLowerCase().startsWith(`${base.toLowerCase()}_`) ? entry.slice(base.length + 1) : '';
    const digits = /^(\d+)\D*\..+$/.exec(rest)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
  return Math.max(0, ...numbers) + 1;
}

async function filmOf(
  images: ImageBatch,
  fps: number,
  format: string,
  context: NodeContext,
): Promise<{ extension: string; pieces: Pieces }> {
  const entries = metadataEntries(context.metadata);
  const frameMs = (20 * images.width * images.height) / (512 * 512);
  if (format === 'image/webp') {
    const options = { fps, lossless: true, quality: 90, effort: 4 };
    return { extension: 'webp', pieces: [await encodeWebp(images, options, entries)] };
  }
  const encoder = encoders[format];
  if (!encoder) {
    if (!/^video\/.*mp4$/.test(format)) throw new PythonError('ValueError', `Unknown format ${format}`);
    return { extension: 'mp4', pieces: mp4Pieces(new Video(images, fps, null), entries, () => context.pause(frameMs)) };
  }
  const bytes = await encodeWithFfmpeg({
    temp: context.temp,
    extension: encoder.extension,
    input: images.frames,
    inputArgs: [
      ...['-f', 'rawvideo', '-pix_fmt', images.channels === 4 ? 'rgba' : 'rgb24'],
      ...['-s', `${images.width}x${images.height}`, '-r', String(fps)],
    ],
    outputArgs: encoder.args,
    entries,
  });
  return { extension: encoder.extension, pieces: [bytes] };
}

/** A film, its first frame as a PNG beside it, and with sound a second film; all of them temporary if so set. */
async function combine(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const images = inputs.image('images');
  const fps = inputs.number('frame_rate');
  const format = inputs.text('format');
  const type = inputs.flag('save_output', true) ? 'output' : 'temp';
  const place = await context.place(inputs.text('filename_prefix'), type, 0, 0);
  const stem = `${place.base}_${String(await nextNumber(place.folder, place.base)).padStart(5, '0')}`;
  const at = (name: string): string => path.join(place.folder, name);
  const files = [`${stem}.png`];
  const first = images.frames[0] ?? new Uint8Array();
  await context.writeFile(at(`${stem}.png`), pngPieces(images, first, metadataEntries(context.metadata), 4), 0);
  const { extension, pieces } = await filmOf(images, fps, format, context);
  files.push(`${stem}.${extension}`);
  await context.writeFile(at(`${stem}.${extension}`), pieces, 5);
  if (inputs.get('audio') !== undefined && extension === 'mp4') {
    files.push(`${stem}-audio.mp4`);
    const video = new Video(images, fps, inputs.audio('audio'));
    const withSound = mp4Pieces(video, metadataEntries(context.metadata), () => context.pause(0));
    await context.writeFile(at(`${stem}-audio.mp4`), withSound, 5);
  }
  const shown = files.at(-1) ?? '';
  const preview = { filename: shown, subfolder: place.subfolder, type, format, frame_rate: fps };
  const gifs = [{ ...preview, workflow: `${stem}.png`, fullpath: at(shown) }];
  return { values: [[type === 'output', files.map(at)]], ui: { gifs } };
}

export const customVideoNodes: NodeClassEntries = {
  VHS_VideoCombine: {
    info: classInfo('VHS_VideoCombine', {
      module: 'custom_nodes.comfyui-videohelpersuite',
      isOutput: true,
      required: {
        images: link('IMAGE'),
        frame_rate: float(8),
        loop_count: int(0),
        filename_prefix: text('AnimateDiff'),
        format: choice('image/gif', 'image/webp', 'video/h264-mp4', 'video/h265-mp4', 'video/webm', 'video/ProRes'),
        pingpong: flag(false),
        save_output: flag(true),
      },
      optional: { audio: link('AUDIO'), pix_fmt: text(), crf: int(19), save_metadata: flag(true) },
      output: ['VHS_FILENAMES'],
    }),
    run: combine,
  },
};
