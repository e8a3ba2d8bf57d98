import { latin1, u32be } from '../reading/bytes.ts';
import { broken, type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import type { Asking, Window } from '../reading/window.ts';

const TYPE = { kind: 'audio', mime: 'audio/mpeg' } as const;
const MAX_FRAMES = 2_000_000;
/** By version and layer: kilobits per second for each code. */
const KBITS = {
  v1l1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  v1l2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  v1l3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  v2l1: [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  v2l23: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const HERTZ = [44100, 48000, 32000] as const;

type Frame = { readonly length: number; readonly infoAt: number };
/** What an encoder's first frame states about the rest; 0 if nothing. */
type Info = { readonly frames: number; readonly bytes: number };

export const looksLikeMp3 = (head: Uint8Array): boolean => latin1(head, 0, 3) === 'ID3' || frameOf(head) !== null;

/** Without an Info (Xing) frame the length of an MP3 is unknown: then complete frames up to the end are all that can be required. */
export function* mp3Rule(file: Window): FormatRule {
  const start = yield* tagLength(file);
  const first = yield* file.at(start, 256);
  if (first.length < 4) return growing('the MP3 has no sound yet');
  const frame = frameOf(first);
  if (!frame) return broken('the MP3 has no sound after its tags');
  const info = infoOf(first, frame);
  if (info && file.size < start + info.bytes) return growing(`${file.size} of ${start + info.bytes} bytes are there`);

  const walked = yield* walkFrames(file, start);
  if (walked === null) return growing('the last frame of the MP3 is not complete');
  // An encoder that writes into a stream cannot go back to write the length.
  if (!info || (info.frames === 0 && info.bytes === 0)) return unproven(TYPE);
  const isReached = info.bytes > 0 || walked - 1 >= info.frames;
  return isReached ? whole(TYPE) : growing(`${walked - 1} of ${info.frames} frames are there`);
}

function* tagLength(file: Window): Asking<number> {
  const head = yield* file.at(0, 10);
  if (latin1(head, 0, 3) !== 'ID3') return 0;
  const length = head.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const hasFooter = ((head[5] ?? 0) & 0x10) !== 0;
  return 10 + length + (hasFooter ? 10 : 0);
}

/** How many frames fill the file up to its end or its closing tags; null when the last one is cut. */
function* walkFrames(file: Window, start: number): Asking<number | null> {
  let at = start;
  for (let count = 0; count < MAX_FRAMES; count++) {
    if (at === file.size) return count;
    const head = yield* file.at(at, 8);
    const frame = frameOf(head);
    if (!frame) return count > 0 && /^(TAG|APETAGEX|LYRICSBE)/.test(latin1(head, 0, 8)) ? count : null;
    if (at + frame.length > file.size) return null;
    at += frame.length;
  }
  return null;
}

function frameOf(head: Uint8Array): Frame | null {
  const [sync = 0, version = 0, rates = 0, channels = 0] = head;
  if (head.length < 4 || sync !== 0xff || (version & 0xe0) !== 0xe0) return null;
  const layer = 4 - ((version >> 1) & 3);
  const generation = (version >> 3) & 3;
  const hertz = HERTZ[(rates >> 2) & 3];
  if (layer === 4 || generation === 1 || hertz === undefined) return null;
  const isFirst = generation === 3;
  const table = isFirst
    ? ([KBITS.v1l1, KBITS.v1l2, KBITS.v1l3] as const)
    : ([KBITS.v2l1, KBITS.v2l23, KBITS.v2l23] as const);
  const bits = (table[layer - 1]?.[rates >> 4] ?? 0) * 1000;
  if (bits === 0) return null;
  const rate = hertz / (isFirst ? 1 : generation === 2 ? 2 : 4);
  const padding = (rates >> 1) & 1;
  const length =
    layer === 1
      ? (Math.floor((12 * bits) / rate) + padding) * 4
      : Math.floor(((layer === 3 && !isFirst ? 72 : 144) * bits) / rate) + padding;
  const isMono = channels >> 6 === 3;
  return { length, infoAt: 4 + (isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17) };
}

function infoOf(first: Uint8Array, frame: Frame): Info | null {
  if (!/^(Xing|Info)$/.test(latin1(first, frame.infoAt, 4))) return null;
  const flags = u32be(first, frame.infoAt + 4);
  const framesAt = frame.infoAt + 8;
  const bytesAt = framesAt + (flags & 1 ? 4 : 0);
  return { frames: flags & 1 ? u32be(first, framesAt) : 0, bytes: flags & 2 ? u32be(first, bytesAt) : 0 };
}
