import { open } from 'node:fs/promises';
import { z } from 'zod';
import { latin1, u16be, u16le, u32be, u32le, u64le } from '#src/domain/formats/bytes.ts';
import type { FileType } from '#src/domain/formats/verdict.ts';
import { type Asking, Window } from '#src/domain/formats/window.ts';
import { parseGraphJson, toGraphJson } from '#src/domain/workflow/graph-json.ts';
import { JOB_KEY } from '#src/domain/workflow/rewrite.ts';
import { storageError, systemCode } from '../file-errors.ts';
import { answer } from '../media/answer.ts';
import { withMedia } from '../media/media.ts';
import { pngText } from '../media/png-text.ts';

const MAX_METADATA = 16 * 1024 * 1024;
const MAX_PARTS = 200_000;
const texts = z.record(z.string(), z.unknown());

/**
 * What the worker wrote into the file under our key of `extra_pnginfo`; null when there is nothing, or nothing that makes sense. A disk that fails is not
 * "nothing": that is thrown. The value is JSON text in all types but SVG, so a job id comes without its quotes.
 */
export async function readEmbeddedJobId(file: string, type: FileType, key: string = JOB_KEY): Promise<string | null> {
  const text = await readEmbedded(file, type, key);
  if (text === null) return null;
  const parsed = z.string().safeParse(parseJson(text));
  return parsed.success ? parsed.data : text;
}

/** As it stands there; null as above. */
export async function readEmbedded(file: string, type: FileType, key: string): Promise<string | null> {
  return readText(file, type, key).catch((error: unknown) => {
    if (isSystemError(error)) throw storageError(error, file);
    return null;
  });
}

/** `EIO` and the like; not `ERR_OUT_OF_RANGE`, with which Node says that the bytes make no sense. */
const isSystemError = (error: unknown): boolean => /^E[A-Z0-9]+$/.test(systemCode(error) ?? '');

async function readText(file: string, { kind, mime }: FileType, key: string): Promise<string | null> {
  if (kind === 'video' || kind === 'audio') return mediaTag(file, key);
  const find = FINDERS[mime] ?? (kind === 'model' ? inSafetensors : null);
  if (!find) return null;
  const handle = await open(file);
  try {
    return await answer(handle, find(new Window((await handle.stat()).size), key));
  } finally {
    await handle.close();
  }
}

const FINDERS: Readonly<Record<string, (file: Window, key: string) => Asking<string | null>>> = {
  'image/png': pngText,
  'image/webp': inWebp,
  'image/svg+xml': inSvg,
  'model/gltf-binary': inGlb,
};

/** MP4 keys, Matroska tags (upper case), Vorbis comments, and ID3's TXXX frames. */
const mediaTag = (file: string, key: string): Promise<string | null> =>
  withMedia(file, async (input) => {
    const raw = texts.parse((await input.getMetadataTags()).raw ?? {});
    const own = texts.safeParse(raw.TXXX);
    const entries = [...Object.entries(raw), ...Object.entries(own.success ? own.data : {})];
    const value = entries.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
    const parsed = z.string().safeParse(Array.isArray(value) ? value[0] : value);
    return parsed.success ? parsed.data : null;
  });

/** EXIF text tags, each `key:json`. */
function* inWebp(file: Window, key: string): Asking<string | null> {
  let at = 12;
  for (let count = 0; count < MAX_PARTS; count++) {
    const head = yield* file.at(at, 8);
    if (head.length < 8) return null;
    const length = u32le(head, 4);
    if (latin1(head, 0, 4) === 'EXIF') {
      return inExif(yield* file.all(at + 8, Math.min(length, MAX_METADATA)), key);
    }
    at += 8 + length + (length % 2);
  }
  return null;
}

function inExif(bytes: Uint8Array, key: string): string | null {
  const exif = latin1(bytes, 0, 6) === 'Exif\0\0' ? bytes.subarray(6) : bytes;
  const isLittle = latin1(exif, 0, 2) === 'II';
  const u16 = isLittle ? u16le : u16be;
  const u32 = isLittle ? u32le : u32be;
  const directory = u32(exif, 4);
  for (let index = 0; index < u16(exif, directory); index++) {
    const entry = directory + 2 + index * 12;
    const length = u32(exif, entry + 4);
    const valueAt = length > 4 ? u32(exif, entry + 8) : entry + 8;
    if (u16(exif, entry + 2) !== 2) continue;
    const text = decode(exif.subarray(valueAt, valueAt + length)).replace(/\0+$/, '');
    if (text.startsWith(`${key}:`)) return text.slice(key.length + 1);
  }
  return null;
}

function* inSafetensors(file: Window, key: string): Asking<string | null> {
  const length = u64le(yield* file.at(0, 8), 0);
  if (length > MAX_METADATA) return null;
  return textAt(parseJson(decode(yield* file.all(8, length))), ['__metadata__', key]);
}

function* inGlb(file: Window, key: string): Asking<string | null> {
  const head = yield* file.at(12, 8);
  const length = u32le(head, 0);
  if (latin1(head, 4, 4) !== 'JSON' || length > MAX_METADATA) return null;
  return textAt(parseJson(decode(yield* file.all(20, length))), ['asset', 'extras', key]);
}

/** One JSON object in a CDATA section of `<metadata>`. */
function* inSvg(file: Window, key: string): Asking<string | null> {
  const svg = decode(yield* file.all(0, Math.min(file.size, MAX_METADATA)));
  const metadata = svg.indexOf('<metadata');
  const start = metadata < 0 ? -1 : svg.indexOf('<![CDATA[', metadata);
  const end = start < 0 ? -1 : svg.indexOf(']]>', start);
  return end < 0 ? null : textAt(parseJson(svg.slice(start + '<![CDATA['.length, end)), [key]);
}

function textAt(json: unknown, path: readonly string[]): string | null {
  let value = json;
  for (const name of path) {
    const parsed = texts.safeParse(value);
    value = parsed.success ? parsed.data[name] : undefined;
  }
  if (value === undefined || value === null) return null;
  const parsed = z.string().safeParse(value);
  return parsed.success ? parsed.data : toGraphJson(value);
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function parseJson(text: string): unknown {
  try {
    return parseGraphJson(text);
  } catch {
    return undefined;
  }
}
