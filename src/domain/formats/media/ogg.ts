import { latin1 } from '../reading/bytes.ts';
import { type FileType, type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import type { Asking, Window } from '../reading/window.ts';

const MAX_PAGE_BYTES = 27 + 255 + 255 * 255;
const MAX_STREAMS = 32;
const FIRST_PAGE = 2;
const LAST_PAGE = 4;

type Page = { readonly flags: number; readonly body: number; readonly length: number };

/** Ogg with Opus, Vorbis, FLAC, Theora. With several streams the last page closes only one of them; a recording that was stopped has no closing page at all. */
export function* oggRule(file: Window): FormatRule {
  const streams = yield* firstPages(file);
  const tailLength = Math.min(file.size, MAX_PAGE_BYTES);
  const tail = yield* file.at(file.size - tailLength, tailLength);
  const last = lastPage(tail);
  if (streams.length === 0 || !last) return growing('the last page is not complete');
  const isFilm = streams.some((codec) => codec.startsWith('\x80theora'));
  const type: FileType = isFilm ? { kind: 'video', mime: 'video/ogg' } : { kind: 'audio', mime: 'audio/ogg' };
  return streams.length === 1 && (last.flags & LAST_PAGE) !== 0 ? whole(type) : unproven(type);
}

/** How the packets of the first pages begin; every stream starts with such a page, before all others. */
function* firstPages(file: Window): Asking<readonly string[]> {
  const starts: string[] = [];
  let at = 0;
  while (starts.length < MAX_STREAMS) {
    const bytes = yield* file.at(at, 27 + 255 + 8);
    const page = pageOf(bytes);
    if (!page || (page.flags & FIRST_PAGE) === 0) break;
    starts.push(latin1(bytes, page.body, 8));
    at += page.length;
  }
  return starts;
}

/** The page that ends exactly where the bytes end. */
function lastPage(tail: Uint8Array): Page | null {
  for (let at = tail.lastIndexOf(0x4f); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(0x4f, at - 1)) {
    const page = pageOf(tail.subarray(at));
    if (page && at + page.length === tail.length) return page;
  }
  return null;
}

function pageOf(bytes: Uint8Array): Page | null {
  const segments = bytes[26] ?? 0;
  const body = 27 + segments;
  if (bytes.length < body || latin1(bytes, 0, 5) !== 'OggS\0') return null;
  return { flags: bytes[5] ?? 0, body, length: bytes.subarray(27, body).reduce((sum, part) => sum + part, body) };
}
