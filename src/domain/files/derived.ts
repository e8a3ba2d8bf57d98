import type { FileFacts } from '../file-facts.ts';

/**
 * What is made from a result, and kept beside it.
 * thumbnail   a preview picture
 * storyboard  a film's frames side by side in one picture, evenly from its beginning to its end
 * waveform    how loud a sound is, from its beginning to its end
 * proxy       the film once more, in a form that every browser plays
 * clean       the same file without what it says about its making
 */
export const DERIVED = ['thumbnail', 'storyboard', 'waveform', 'proxy', 'clean'] as const;
export type Derived = (typeof DERIVED)[number];

/** Frames of a storyboard, all of one size, in one row. */
export const STORYBOARD_FRAMES = 12;
/** Values of a waveform, 0 to 100. */
export const WAVEFORM_PEAKS = 400;

const FILMS = [
  'video/mp4',
  'video/quicktime',
  'video/webm',
  'video/x-matroska',
  'video/ogg',
  'video/x-msvideo',
] as const;
const SOUNDS = [
  'audio/flac',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'audio/mp4',
  'audio/webm',
  'audio/x-matroska',
  'audio/aac',
] as const;
/** Those that we can rewrite ourselves, without ffmpeg. */
const REWRITTEN = ['image/png', 'image/webp', 'image/jpeg', 'image/gif', 'image/svg+xml', 'model/gltf-binary'] as const;
export type RewrittenType = (typeof REWRITTEN)[number];
export type MediaType = (typeof FILMS)[number] | (typeof SOUNDS)[number];

export const mediaTypeOf = (mime: string): MediaType | null =>
  [...FILMS, ...SOUNDS].find((type) => type === mime) ?? null;

export const rewrittenTypeOf = (mime: string): RewrittenType | null => REWRITTEN.find((type) => type === mime) ?? null;

/** Whether there can ever be one, by what the file is; making it may fail anyway. */
export function canHave(
  what: Derived,
  { kind, mime, duration }: Pick<FileFacts, 'kind' | 'mime' | 'duration'>,
): boolean {
  const isMedia = mediaTypeOf(mime) !== null;
  switch (what) {
    case 'thumbnail':
      // An SVG is a program: drawing it has no bounds. Browsers draw the file itself.
      return (kind === 'image' && mime !== 'image/svg+xml') || kind === 'video';
    case 'storyboard':
      return kind === 'video' && isMedia && duration !== null;
    case 'waveform':
      return kind === 'audio' && isMedia;
    case 'proxy':
      return kind === 'video' && isMedia;
    case 'clean':
      return rewrittenTypeOf(mime) !== null || ((kind === 'video' || kind === 'audio') && isMedia);
  }
}
