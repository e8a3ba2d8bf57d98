import { open } from 'node:fs/promises';
import { WAVEFORM_PEAKS } from '#src/domain/files/derived.ts';
import { createPeaks } from '#src/domain/files/peaks.ts';
import { sampleAt, wavSamples } from '#src/domain/files/wav.ts';
import { Window } from '#src/domain/formats/reading/window.ts';
import { answer } from './answer.ts';
import { ffmpeg, type Media } from './ffmpeg.ts';

const FFMPEG_MS = 60_000;
const PIECE = 1024 * 1024;
/** Enough to see how loud it is. */
const SAMPLE_RATE = '16000';

/** How loud a sound is over time, 0 to 100. All channels count alike. Without ffmpeg only of a WAV. */
export async function waveformOf(media: Media, signal: AbortSignal): Promise<number[]> {
  const own = media.type === 'audio/wav' ? await ofWav(media.file, signal) : null;
  return own ?? (await ofAny(media, signal));
}

async function ofWav(file: string, signal: AbortSignal): Promise<number[] | null> {
  const handle = await open(file);
  try {
    const samples = await answer(handle, wavSamples(new Window((await handle.stat()).size)));
    if (!samples) return null;
    const peaks = createPeaks(WAVEFORM_PEAKS);
    const frame = samples.bytesPerSample * samples.channels;
    const piece = Buffer.alloc(PIECE - (PIECE % frame) || frame);
    for (let at = samples.from; at < samples.to; ) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, samples.to - at), at);
      const view = new DataView(piece.buffer, piece.byteOffset, bytesRead);
      for (let from = 0; from + samples.bytesPerSample <= bytesRead; from += samples.bytesPerSample)
        peaks.add(sampleAt(view, from, samples));
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return peaks.values();
  } finally {
    await handle.close();
  }
}

async function ofAny(media: Media, signal: AbortSignal): Promise<number[]> {
  const peaks = createPeaks(WAVEFORM_PEAKS);
  let odd: number | null = null;
  await ffmpeg({
    media,
    writing: ['-map', '0:a:0', '-ar', SAMPLE_RATE, '-c:a', 'pcm_s16le', '-f', 's16le', 'pipe:1'],
    maxMs: FFMPEG_MS,
    signal,
    take(given) {
      // A piece may end in the middle of a sample.
      const bytes: Buffer = odd === null ? given : Buffer.concat([Buffer.of(odd), given]);
      odd = bytes.length % 2 === 1 ? (bytes.at(-1) ?? null) : null;
      for (let at = 0; at + 2 <= bytes.length; at += 2) peaks.add(bytes.readInt16LE(at) / 32_768);
      return true;
    },
  });
  return peaks.values();
}
