import { latin1 } from '../reading/bytes.ts';
import { broken, type FileType, type FormatRule, growing, sized, unproven } from '../reading/verdict.ts';
import type { Asking, Window } from '../reading/window.ts';

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const CLUSTER = 0x1f43b675;
const DOC_TYPE = 0x4282;
const TRACK_ENTRY = 0xae;
const TRACK_TYPE = 0x83;
const VIDEO_TRACK = 1;
const MAX_ELEMENTS = 200_000;

/** `end` is null where the size is not told ("unknown", all ones). */
type Element = { readonly id: number; readonly body: number; readonly end: number | null };

/**
 * WEBM and MKV. ffmpeg leaves the size of the segment unknown until the very last step, so a known size that is reached is the proof. What a browser records
 * keeps the unknown size for ever, and has neither cues nor a duration: where its last block is complete, only quiet can tell.
 */
export function* ebmlRule(file: Window): FormatRule {
  const header = yield* elementAt(file, 0);
  if (!header || header.end === null) return growing('the EBML header is not complete');
  const docType = yield* childOf(file, header.body, header.end, DOC_TYPE);
  let segment = yield* elementAt(file, header.end);
  for (let count = 0; segment && segment.id !== SEGMENT && segment.end !== null && count < 16; count++) {
    segment = yield* elementAt(file, segment.end);
  }
  if (!segment) return growing('the segment has not begun');
  if (segment.id !== SEGMENT) return broken('no segment follows the EBML header');
  if (segment.end === segment.body) segment = { ...segment, end: null };
  if (segment.end !== null && file.size < segment.end) {
    return growing(`${file.size} of ${segment.end} bytes are there`);
  }
  const found = yield* walkSegment(file, segment, segment.end ?? file.size);
  if (typeof found === 'string') return growing(found);
  const isWebm = docType !== null && latin1(yield* file.at(docType.body, 4), 0, 4) === 'webm';
  const kind = (yield* hasVideo(file, found.tracks)) ? 'video' : 'audio';
  const type: FileType = { kind, mime: `${kind}/${isWebm ? 'webm' : 'x-matroska'}` };
  if (segment.end !== null) return sized(file, segment.end, type);
  return found.clusterSeen ? unproven(type) : growing('the film has no content yet');
}

/** Walks a segment to its end where the size is unknown, else only as far as the tracks. A cluster of unknown size is entered, its blocks are stepped over. */
function* walkSegment(
  file: Window,
  segment: Element,
  end: number,
): Asking<{ tracks: Element; clusterSeen: boolean } | string> {
  let tracks: Element | null = null;
  let clusterSeen = false;
  let at = segment.body;
  for (let count = 0; at < end; count++) {
    if (count >= MAX_ELEMENTS) return `there are more than ${MAX_ELEMENTS} elements`;
    const element = yield* elementAt(file, at);
    if (!element) return `the element at byte ${at} cannot be read`;
    if (element.end === null && element.id !== CLUSTER) return `the element at byte ${at} has no size yet`;
    if (element.end !== null && element.end > end) return `the element at byte ${at} is not complete`;
    if (element.id === TRACKS) tracks = element;
    if (element.id === CLUSTER) clusterSeen = true;
    if (tracks && segment.end !== null) return { tracks, clusterSeen };
    at = element.end ?? element.body;
  }
  return tracks ? { tracks, clusterSeen } : 'there are no tracks';
}

function* hasVideo(file: Window, tracks: Element): Asking<boolean> {
  let at = tracks.body;
  for (let count = 0; tracks.end !== null && at < tracks.end && count < 1000; count++) {
    const entry = yield* elementAt(file, at);
    if (!entry || entry.end === null) return false;
    if (entry.id === TRACK_ENTRY) {
      const type = yield* childOf(file, entry.body, entry.end, TRACK_TYPE);
      if (type && (yield* file.at(type.body, 1))[0] === VIDEO_TRACK) return true;
    }
    at = entry.end;
  }
  return false;
}

function* childOf(file: Window, start: number, end: number, id: number): Asking<Element | null> {
  let at = start;
  for (let count = 0; at < end && count < 1000; count++) {
    const element = yield* elementAt(file, at);
    if (!element || element.end === null) return null;
    if (element.id === id) return element;
    at = element.end;
  }
  return null;
}

function* elementAt(file: Window, at: number): Asking<Element | null> {
  const bytes = yield* file.at(at, 12);
  const idLength = Math.clz32(bytes[0] ?? 0) - 23;
  const sizeLength = Math.clz32(bytes[idLength] ?? 0) - 23;
  if (idLength > 4 || sizeLength > 8 || bytes.length < idLength + sizeLength) return null;
  let id = 0;
  for (const byte of bytes.subarray(0, idLength)) id = id * 256 + byte;
  const first = (bytes[idLength] ?? 0) & (0xff >> sizeLength);
  const rest = bytes.subarray(idLength + 1, idLength + sizeLength);
  const isUnknown = first === 0xff >> sizeLength && rest.every((byte) => byte === 0xff);
  const body = at + idLength + sizeLength;
  return { id, body, end: isUnknown ? null : body + rest.reduce((size, byte) => size * 256 + byte, first) };
}
