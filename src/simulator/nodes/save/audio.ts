import path from 'node:path';
import { decodeAudio, encodeWithFfmpeg } from '../../media/ffmpeg.ts';
import { flacFile } from '../../media/flac.ts';
import { annotatedPath } from '../../replica/input-files.ts';
import { PythonError } from '../../replica/python.ts';
import { metadataEntries } from '../metadata.ts';
import type { NodeContext, NodeResult, NodeTable } from '../node.ts';
import { numbered } from '../output-path.ts';
import { Audio } from '../values.ts';
import { temporaryPrefix } from './save-images.ts';

function trim(audio: Audio, start: number, duration: number): Audio {
  const { length, sampleRate, channels } = audio;
  const wanted = start < 0 ? length + Math.round(start * sampleRate) : Math.round(start * sampleRate);
  const first = Math.max(0, Math.min(wanted, length - 1));
  const end = Math.max(0, Math.min(first + Math.round(duration * sampleRate), length));
  if (first >= end) {
    throw new PythonError(
      'ValueError',
      'AudioTrim: Start time must be less than end time and be within the audio length.',
      ['  File "/comfyui/comfy_extras/nodes_audio.py", line 400, in trim\n    <source line>\n'],
    );
  }
  return new Audio(
    sampleRate,
    channels.map((samples) => samples.slice(first, end)),
  );
}

type Encoding = { extension: string; encode(audio: Audio, context: NodeContext): Promise<Buffer> };

function* interleaved(audio: Audio): Generator<Uint8Array> {
  const count = audio.channels.length;
  const samples = new Float32Array(audio.length * count);
  for (const [channel, values] of audio.channels.entries()) {
    for (const [index, value] of values.entries()) samples[index * count + channel] = value;
  }
  yield new Uint8Array(samples.buffer);
}

const byFfmpeg = (extension: string, outputArgs: readonly string[]): Encoding => ({
  extension,
  encode: (audio, context) =>
    encodeWithFfmpeg({
      temp: context.temp,
      extension,
      input: interleaved(audio),
      inputArgs: ['-f', 'f32le', '-ar', String(audio.sampleRate), '-ac', String(audio.channels.length)],
      outputArgs,
      entries: metadataEntries(context.metadata),
    }),
});

const flac: Encoding = {
  extension: 'flac',
  encode: async (audio, context) => flacFile(audio, metadataEntries(context.metadata)),
};

/** Under the name that newer nodes use. */
export function encodingOf(format: string, quality: string): Encoding {
  if (format === 'flac') return flac;
  return format === 'mp3'
    ? byFfmpeg('mp3', ['-c:a', 'libmp3lame', ...bitrate(quality)])
    : byFfmpeg('opus', ['-c:a', 'libopus', ...bitrate(quality)]);
}

const bitrate = (quality: string): string[] => (quality === 'V0' ? ['-q:a', '0'] : ['-b:a', quality]);

/** Encoded in memory, then written at once. */
export async function saveSound(
  audio: Audio,
  prefix: string,
  type: 'output' | 'temp',
  encoding: Encoding,
  context: NodeContext,
): Promise<NodeResult> {
  const place = await context.place(prefix, type, 0, 0);
  const filename = numbered(place, 0, encoding.extension);
  await context.writeFile(path.join(place.folder, filename), [await encoding.encode(audio, context)], 0);
  return { values: [audio], ui: { audio: [{ filename, subfolder: place.subfolder, type }] } };
}

export const audioNodes: NodeTable = {
  EmptyAudio: (inputs) => {
    const length = Math.round(inputs.number('duration') * inputs.number('sample_rate'));
    const channels = Array.from({ length: inputs.number('channels') }, () => new Float32Array(length));
    return { values: [new Audio(inputs.number('sample_rate'), channels)] };
  },
  TrimAudioDuration: (inputs) => ({
    values: [trim(inputs.audio('audio'), inputs.number('start_index'), inputs.number('duration'))],
  }),
  AudioConcat: (inputs) => {
    const [first, second] = [inputs.audio('audio1'), inputs.audio('audio2')];
    const [a, b] = inputs.text('direction', 'after') === 'before' ? [second, first] : [first, second];
    const channels = a.channels.map((samples, index) => {
      const more = b.channels[index] ?? b.channels[0] ?? new Float32Array();
      const joined = new Float32Array(samples.length + more.length);
      joined.set(samples);
      joined.set(more, samples.length);
      return joined;
    });
    return { values: [new Audio(a.sampleRate, channels)] };
  },
  AudioAdjustVolume: (inputs) => {
    const audio = inputs.audio('audio');
    const factor = 10 ** (inputs.number('volume') / 20);
    const channels = audio.channels.map((samples) => samples.map((sample) => sample * factor));
    return { values: [new Audio(audio.sampleRate, channels)] };
  },
  LoadAudio: async (inputs, context) => {
    const bytes = await decodeAudio(annotatedPath(inputs.text('audio'), context));
    const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const channels = [0, 1].map((channel) => samples.filter((_, index) => index % 2 === channel));
    return { values: [new Audio(44100, channels)] };
  },
  SaveAudio: (inputs, context) =>
    saveSound(inputs.audio('audio'), inputs.text('filename_prefix'), 'output', flac, context),
  PreviewAudio: (inputs, context) => saveSound(inputs.audio('audio'), temporaryPrefix(), 'temp', flac, context),
  SaveAudioMP3: (inputs, context) => {
    const encoding = encodingOf('mp3', inputs.text('quality', 'V0'));
    return saveSound(inputs.audio('audio'), inputs.text('filename_prefix'), 'output', encoding, context);
  },
  SaveAudioOpus: (inputs, context) => {
    const encoding = encodingOf('opus', inputs.text('quality', '128k'));
    return saveSound(inputs.audio('audio'), inputs.text('filename_prefix'), 'output', encoding, context);
  },
};
