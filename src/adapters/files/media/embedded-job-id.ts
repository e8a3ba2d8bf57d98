import { open } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import { z } from 'zod';
import { jpegText, webpText } from '#src/domain/formats/embedded/exif-text.ts';
import { MAX_TEXT, pngText, type StoredText } from '#src/domain/formats/embedded/png-text.ts';
import { tagText } from '#src/domain/formats/embedded/tag-text.ts';
import { latin1, u32le, u64le } from '#src/domain/formats/reading/bytes.ts';
import type { FileType } from '#src/domain/formats/reading/verdict.ts';
import { type Asking, Window } from '#src/domain/formats/reading/window.ts';
import { parseGraphJson, toGraphJson } from '#src/domain/workflow/graph-json.ts';
import { JOB_KEY } from '#src/domain/workflow/rewrite.ts';
import { storageError, systemCode } from '../file-errors.ts';
import { answer } from './answer.ts';
import { withMedia } from './media.ts';

const MAX_METADATA = 16 * 1024 * 1024;
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
  'image/png': inPng,
  'image/webp': webpText,
  'image/jpeg': jpegText,
  'image/svg+xml': inSvg,
  'model/gltf-binary': inGlb,
};

const mediaTag = (file: string, key: string): Promise<string | null> =>
  withMedia(file, async (input) => tagText(texts.parse((await input.getMetadataTags()).raw ?? {}), key));

/** A text that is packed may be of any size: what is larger than the limit is none. */
function unpacked(text: StoredText | null): string | null {
  if (!text) return null;
  try {
    return decode(text.packed ? inflateSync(text.bytes, { maxOutputLength: MAX_TEXT }) : text.bytes);
  } catch {
    return null;
  }
}

function* inPng(file: Window, key: string): Asking<string | null> {
  return unpacked(yield* pngText(file, key));
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
