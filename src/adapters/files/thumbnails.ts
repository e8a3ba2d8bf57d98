import { execFile } from 'node:child_process';
import { access, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '#src/domain/errors.ts';
import type { FileFacts } from '#src/domain/result.ts';
import { isMissing, storageError } from './file-errors.ts';
import { shrinkPicture } from './pictures.ts';

const AT_ONCE = 2;
const MAX_POSTER = 8 * 1024 * 1024;
const SMALLER = "scale='min(640,iw)':'min(640,ih)':force_original_aspect_ratio=decrease";
const FFMPEG_MS = 20_000;
const run = promisify(execFile);

/** Which reader ffmpeg must use: guessing by content, it could take a crafted file for a playlist and fetch what that names. */
const DEMUXERS: Readonly<Record<string, string>> = {
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/webm': 'matroska',
  'video/x-matroska': 'matroska',
  'video/ogg': 'ogg',
  'video/x-msvideo': 'avi',
};

/** Small pictures, made once and kept in `dir` under the result's id. */
export function createThumbnails(dir: string): (id: string, file: string, facts: FileFacts) => Promise<string | null> {
  const underway = new Map<string, Promise<string | null>>();
  const takeTurn = atMost(AT_ONCE);

  return async (id, file, facts) => {
    if (!/^[\w-]{1,100}$/.test(id)) throw new AppError('invalid_input', `"${id}" is not the id of a result.`);
    if (facts.kind !== 'image' && facts.kind !== 'video') return null;
    const target = join(dir, `${id}.webp`);
    const running = underway.get(id);
    if (running) return running;
    const making = (async () => {
      if (await exists(target)) return target;
      return takeTurn(async () => ((await make(file, facts, target)) ? target : null));
    })().finally(() => underway.delete(id));
    underway.set(id, making);
    return making;
  };
}

async function make(file: string, facts: FileFacts, target: string): Promise<boolean> {
  const webp = await draw(file, facts);
  if (!webp) return false;
  const temporary = `${target}.part`;
  try {
    await writeFile(temporary, webp);
    await rename(temporary, target);
    return true;
  } catch (error) {
    await rm(temporary, { force: true });
    throw storageError(error, target);
  }
}

/** Null for what sharp and ffmpeg cannot read: such a result simply has no picture. */
async function draw(file: string, facts: FileFacts): Promise<Buffer | null> {
  try {
    if (facts.kind === 'image') return await shrinkPicture({ file, mime: facts.mime });
    const poster = await posterOf(file, facts.mime);
    return poster && (await shrinkPicture(poster));
  } catch {
    return null;
  }
}

async function posterOf(file: string, mime: string): Promise<Buffer | null> {
  const demuxer = DEMUXERS[mime];
  if (!demuxer) return null;
  const input = ['-nostdin', '-v', 'error', '-protocol_whitelist', 'file,pipe', '-f', demuxer, '-i', `file:${file}`];
  const output = ['-frames:v', '1', '-vf', SMALLER, '-an', '-sn', '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'];
  const { stdout } = await run('ffmpeg', [...input, ...output], {
    encoding: 'buffer',
    maxBuffer: MAX_POSTER,
    timeout: FFMPEG_MS,
    killSignal: 'SIGKILL',
  });
  return stdout.length > 0 ? stdout : null;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw storageError(error, file);
  }
}

/** Lets `limit` tasks run at a time; the others wait in line. */
function atMost(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
