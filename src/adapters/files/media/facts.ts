import type { FileFacts } from '#src/domain/file-facts.ts';
import type { FileType } from '#src/domain/formats/reading/verdict.ts';
import { measureMedia } from './media.ts';
import { measurePicture } from './pictures.ts';

/** A file that the measuring libraries cannot read (EXR, a new codec) is a result all the same: then the measures are null. */
export async function readFacts(file: string, type: FileType): Promise<FileFacts> {
  const unmeasured = { width: null, height: null, duration: null, codecs: null };
  const { width, height, duration, codecs } = await measure(file, type).catch(() => unmeasured);
  return {
    kind: type.kind,
    mime: type.mime,
    width: positive(width && Math.round(width)),
    height: positive(height && Math.round(height)),
    duration: positive(duration),
    codecs,
  };
}

async function measure(
  file: string,
  { kind, mime }: FileType,
): Promise<Pick<FileFacts, 'width' | 'height' | 'duration' | 'codecs'>> {
  switch (kind) {
    case 'image':
      return { ...(await measurePicture(file, mime)), codecs: null };
    case 'video':
    case 'audio':
      return measureMedia(file);
    case 'model':
    case 'other':
      return { width: null, height: null, duration: null, codecs: null };
  }
}

const positive = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) && value > 0 ? value : null;
