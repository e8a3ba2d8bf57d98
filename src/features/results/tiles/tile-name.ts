import type { ResultView } from '#src/api/views.ts';
import { counted } from '#src/domain/measures.ts';
import { KIND_WORDS } from '#src/domain/messages/kind-words.ts';

/** A tile in words, for screen readers. */
export function tileName(result: ResultView, take: string): string {
  const { kind, filename, width, height, favourite, rating, rejected, onWall, preview, unfinished } = result;
  const marks = [
    favourite && 'favourite',
    rating > 0 && counted(rating, 'star'),
    rejected && 'rejected',
    onWall && 'on the wall',
    preview && 'preview',
    unfinished && 'incomplete',
  ].filter(Boolean);
  const size = width && height ? `, ${width} × ${height}` : '';
  return `${KIND_WORDS[kind]} ${filename}${size}${take}${marks.length > 0 ? `, ${marks.join(', ')}` : ''}`;
}
