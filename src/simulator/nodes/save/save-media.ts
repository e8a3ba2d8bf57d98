import path from 'node:path';
import { encodeWithFfmpeg } from '../../media/ffmpeg.ts';
import { mp4Pieces } from '../../media/mp4.ts';
import type { TextEntry } from '../../media/png.ts';
import { encodeWebp } from '../../media/webp.ts';
import type { Inputs } from '../inputs.ts';
import { metadataEntries } from '../metadata.ts';
import type { NodeContext, NodeResult, NodeTable } from '../node.ts';
import { type ImageBatch, Video } from '../values.ts';
import type { Pieces } from '../write-file.ts';

/** Saves one animated file; nothing of it is made before the file is there, so it can be seen at 0 bytes. */
async function saveAnimated(
  size: { width: number; height: number },
  prefix: string,
  extension: string,
  context: NodeContext,
  pieces: () => Pieces,
): Promise<NodeResult> {
  const place = await context.place(prefix, 'output', size.width, size.height);
  const filename = `${place.base}_${String(place.counter).padStart(5, '0')}_.${extension}`;
  await context.writeFile(path.join(place.folder, filename), pieces(), 5);
  return { values: [], ui: { images: [{ filename, subfolder: place.subfolder, type: 'output' }], animated: [true] } };
}

function* slices(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const efforts: { [method: string]: number } = { default: 4, fastest: 0, slowest: 6 };

async function* webpPieces(
  images: ImageBatch,
  inputs: Inputs,
  entries: readonly TextEntry[],
  context: NodeContext,
): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0);
  await context.pause((190 * images.frames.length * images.width * images.height) / (512 * 512));
  const effort = efforts[inputs.text('method')] ?? 4;
  const options = {
    fps: inputs.number('fps'),
    lossless: inputs.flag('lossless'),
    quality: inputs.number('quality'),
    effort,
  };
  yield* slices(await encodeWebp(images, options, entries), 2097152);
}

async function* webmPieces(
  images: ImageBatch,
  inputs: Inputs,
  entries: readonly TextEntry[],
  context: NodeContext,
): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0);
  const av1 = inputs.text('codec') === 'av1';
  const bytes = await encodeWithFfmpeg({
    temp: context.temp,
    extension: 'webm',
    input: images.frames,
    inputArgs: [
      '-f',
      'rawvideo',
      '-pix_fmt',
      images.channels === 4 ? 'rgba' : 'rgb24',
      '-s',
      `${images.width}x${images.height}`,
      '-r',
      String(inputs.number('fps')),
    ],
    outputArgs: [
      ...(av1
        ? ['-c:v', 'libsvtav1', '-preset', '10']
        : ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '0']),
      ...['-crf', String(Math.round(inputs.number('crf'))), '-pix_fmt', 'yuv420p'],
    ],
    entries,
  });
  await context.pause(60 * images.frames.length);
  yield* slices(bytes, 262144);
}

export const saveMediaNodes: NodeTable = {
  CreateVideo: (inputs) => {
    const audio = inputs.get('audio') === undefined ? null : inputs.audio('audio');
    return { values: [new Video(inputs.image('images'), inputs.number('fps'), audio)] };
  },
  GetVideoComponents: (inputs) => {
    const { images, audio, fps } = inputs.video('video');
    return { values: [images, audio, fps] };
  },
  SaveVideo: (inputs, context) => {
    const video = inputs.video('video');
    const entries = metadataEntries(context.metadata);
    const frameMs = (20 * video.images.width * video.images.height) / (512 * 512);
    return saveAnimated(video.images, inputs.text('filename_prefix'), 'mp4', context, () =>
      mp4Pieces(video, entries, () => context.pause(frameMs)),
    );
  },
  SaveWEBM: (inputs, context) => {
    const images = inputs.image('images');
    const entries = metadataEntries(context.alwaysMetadata);
    return saveAnimated(images, inputs.text('filename_prefix'), 'webm', context, () =>
      webmPieces(images, inputs, entries, context),
    );
  },
  SaveAnimatedWEBP: (inputs, context) => {
    const images = inputs.image('images');
    const entries = metadataEntries(context.metadata);
    return saveAnimated(images, inputs.text('filename_prefix'), 'webp', context, () =>
      webpPieces(images, inputs, entries, context),
    );
  },
};
