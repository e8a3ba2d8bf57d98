import { STORYBOARD_FRAMES } from '#src/domain/files/derived.ts';
import { ffmpeg, ffmpegBytes, type Media, muxerOf } from './ffmpeg.ts';

const MAX_PICTURE = 64 * 1024 * 1024;
const POSTER_MS = 20_000;
const STORYBOARD_MS = 60_000;
const COPY_MS = 120_000;
const PROXY_MS = 15 * 60_000;
/** Of longer films only the frames that stand for themselves are read. */
const LONG_S = 60;

const POSTER_SIZE = "scale='min(640,iw)':'min(640,ih)':force_original_aspect_ratio=decrease";
const FRAME_SIZE = 'scale=240:240:force_original_aspect_ratio=decrease:force_divisible_by=2';
/** H.264 wants even sizes; and what has pixels that are not square gets square ones. */
const PROXY_SIZE = "scale='max(2,trunc(min(1280,iw*sar)/2)*2)':'max(2,trunc(ow/dar/2)*2)',setsar=1,format=yuv420p";
const AS_PNG = ['-an', '-sn', '-dn', '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'];

/** The first frame, as a PNG. */
export const posterOf = (media: Media, signal: AbortSignal): Promise<Buffer | null> =>
  ffmpegBytes({ media, writing: ['-vf', POSTER_SIZE, ...AS_PNG], maxMs: POSTER_MS, signal }, MAX_PICTURE);

/** Readers of the pictures that sharp cannot read. ffmpeg 5.1 has none for Radiance HDR. */
const STILLS: Readonly<Record<string, { readonly demuxer: string; readonly reading?: readonly string[] }>> = {
  // Linear light would be shown far too dark.
  'image/x-exr': { demuxer: 'exr_pipe', reading: ['-apply_trc', 'iec61966_2_1'] },
  'image/bmp': { demuxer: 'bmp_pipe' },
  'image/jxl': { demuxer: 'jpegxl_pipe' },
  'image/jp2': { demuxer: 'j2k_pipe' },
  'image/vnd.adobe.photoshop': { demuxer: 'psd_pipe' },
};
/** 16384 × 16384 and a little more; a picture that claims to be larger is not decoded. */
const MAX_PIXELS = String(2 ** 29);

export const isStill = (mime: string): boolean => Object.hasOwn(STILLS, mime);

/** A picture that sharp cannot read, as a small PNG. */
export async function stillOf(file: string, mime: string, signal: AbortSignal): Promise<Buffer | null> {
  const still = STILLS[mime];
  if (!still) return null;
  const { demuxer, reading = [] } = still;
  return ffmpegBytes(
    {
      media: { file, demuxer },
      reading: ['-max_pixels', MAX_PIXELS, ...reading],
      writing: ['-vf', POSTER_SIZE, ...AS_PNG],
      maxMs: POSTER_MS,
      signal,
    },
    MAX_PICTURE,
  );
}

/** Frames evenly over the film, side by side, as a PNG. A film of fewer frames shows some more than once. */
export function storyboardOf(media: Media, duration: number, signal: AbortSignal): Promise<Buffer | null> {
  const frames = `fps=${STORYBOARD_FRAMES}/${duration}`;
  // The last frame stands in for what rounding leaves out, or the picture would end in black.
  const filled = `tpad=stop_mode=clone:stop_duration=${duration}`;
  const writing = ['-vf', `${frames},${FRAME_SIZE},${filled},tile=${STORYBOARD_FRAMES}x1`, ...AS_PNG];
  const reading = duration > LONG_S ? ['-skip_frame', 'nokey'] : [];
  return ffmpegBytes({ media, reading, writing, maxMs: STORYBOARD_MS, signal }, MAX_PICTURE);
}

/** The film as H.264 in an MP4. Many key frames, so that stepping back through it is quick. */
export const makeProxy = (media: Media, target: string, signal: AbortSignal): Promise<void> =>
  ffmpeg({
    media,
    writing: [
      ...['-map', '0:v:0', '-map', '0:a:0?', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
      ...['-vf', PROXY_SIZE, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-g', '24'],
      ...['-c:a', 'aac', '-b:a', '160k', '-movflags', '+faststart', '-f', 'mp4', `file:${target}`],
    ],
    maxMs: PROXY_MS,
    signal,
  });

/** The same pictures and sounds, bit by bit, without tags, chapters, attachments and subtitles. */
export const copyWithoutTags = (media: Media, target: string, signal: AbortSignal): Promise<void> =>
  ffmpeg({
    media,
    writing: [
      ...(media.type.startsWith('audio/') ? ['-map', '0:a'] : ['-map', '0:v', '-map', '0:a?']),
      ...['-map_metadata', '-1', '-map_chapters', '-1', '-c', 'copy', '-fflags', '+bitexact', '-flags', '+bitexact'],
      ...['-f', muxerOf(media.type), `file:${target}`],
    ],
    maxMs: COPY_MS,
    signal,
  });
