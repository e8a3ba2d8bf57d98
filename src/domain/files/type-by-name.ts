import type { FileType } from '../formats/reading/verdict.ts';

const TYPES = new Map<string, FileType>(
  Object.entries({
    png: { kind: 'image', mime: 'image/png' },
    jpg: { kind: 'image', mime: 'image/jpeg' },
    jpeg: { kind: 'image', mime: 'image/jpeg' },
    webp: { kind: 'image', mime: 'image/webp' },
    gif: { kind: 'image', mime: 'image/gif' },
    mp4: { kind: 'video', mime: 'video/mp4' },
    mov: { kind: 'video', mime: 'video/quicktime' },
    webm: { kind: 'video', mime: 'video/webm' },
    mkv: { kind: 'video', mime: 'video/x-matroska' },
    wav: { kind: 'audio', mime: 'audio/wav' },
    flac: { kind: 'audio', mime: 'audio/flac' },
    mp3: { kind: 'audio', mime: 'audio/mpeg' },
    ogg: { kind: 'audio', mime: 'audio/ogg' },
    opus: { kind: 'audio', mime: 'audio/ogg' },
    glb: { kind: 'model', mime: 'model/gltf-binary' },
    txt: { kind: 'other', mime: 'text/plain' },
    json: { kind: 'other', mime: 'application/json' },
  } as const),
);

/** Of a file whose content does not say what it is, because its end is missing. Never markup: a browser would read that as a page. */
export const typeByName = (name: string): FileType =>
  TYPES.get(/\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '') ?? {
    kind: 'other',
    mime: 'application/octet-stream',
  };
