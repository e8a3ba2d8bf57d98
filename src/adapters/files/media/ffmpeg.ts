import { spawn } from 'node:child_process';
import { availableParallelism, setPriority } from 'node:os';
import type { MediaType } from '#src/domain/files/derived.ts';

/** Which reader and writer ffmpeg must use: guessing by content, it could take a crafted file for a playlist and fetch what that names. */
const FORMATS: Readonly<Record<MediaType, readonly [demuxer: string, muxer: string]>> = {
  'video/mp4': ['mov', 'mp4'],
  'video/quicktime': ['mov', 'mov'],
  'video/webm': ['matroska', 'webm'],
  'video/x-matroska': ['matroska', 'matroska'],
  'video/ogg': ['ogg', 'ogg'],
  'video/x-msvideo': ['avi', 'avi'],
  'audio/flac': ['flac', 'flac'],
  'audio/mpeg': ['mp3', 'mp3'],
  'audio/ogg': ['ogg', 'ogg'],
  'audio/wav': ['wav', 'wav'],
  'audio/mp4': ['mov', 'ipod'],
  'audio/webm': ['matroska', 'webm'],
  'audio/x-matroska': ['matroska', 'matroska'],
  'audio/aac': ['aac', 'adts'],
};
/** Nobody is in a hurry for what is made here; deliveries go first. */
const NICE = 15;
const THREADS = String(Math.max(1, availableParallelism() >> 1));
const MAX_WORDS = 2000;
/** Of memory, in KiB. Where the system knows no such limit it runs without. */
const MAX_KIB = 6 * 1024 * 1024;
const LIMITED = `ulimit -v ${MAX_KIB} 2>/dev/null; exec ffmpeg "$@"`;
/** What a shell says when there is no such program. */
const NOT_FOUND = 127;

export class NoFfmpegError extends Error {
  constructor() {
    super('ffmpeg is not installed on the server');
  }
}

export type Media = { readonly file: string; readonly type: MediaType };
/** A picture, and the reader that it needs. */
export type Still = { readonly file: string; readonly demuxer: string };

type Task = {
  readonly media: Media | Still;
  /** Options of the reader. */
  readonly reading?: readonly string[];
  readonly writing: readonly string[];
  readonly maxMs: number;
  readonly signal: AbortSignal;
  /** Gets what is written to `pipe:1`; `false` ends it. */
  readonly take?: (bytes: Buffer) => boolean;
};

export const muxerOf = (type: MediaType): string => FORMATS[type][1];

/** Runs ffmpeg over one file. Throws what it says when it fails, NoFfmpegError when it is not installed. */
export function ffmpeg({ media, reading = [], writing, maxMs, signal, take }: Task): Promise<void> {
  const safe = ['-nostdin', '-v', 'error', '-y', '-threads', THREADS, '-protocol_whitelist', 'file,pipe'];
  const input = [
    ...reading,
    '-f',
    'demuxer' in media ? media.demuxer : FORMATS[media.type][0],
    '-i',
    `file:${media.file}`,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', LIMITED, 'ffmpeg', ...safe, ...input, '-threads', THREADS, ...writing], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      timeout: maxMs,
      killSignal: 'SIGKILL',
    });
    let words = '';
    let fault: Error | null = null;
    if (child.pid !== undefined) beNice(child.pid);
    child.stdout.on('data', (bytes: Buffer) => {
      if (take?.(bytes) === false) child.kill('SIGKILL');
    });
    child.stderr.on('data', (bytes: Buffer) => {
      words = (words + bytes.toString()).slice(-MAX_WORDS);
    });
    child.on('error', (error) => {
      fault = error;
    });
    child.on('close', (code) => {
      if (fault) reject(fault);
      else if (code === 0) resolve();
      else if (code === NOT_FOUND) reject(new NoFfmpegError());
      else
        reject(
          new Error(
            code === null
              ? 'ffmpeg was stopped: it exceeded its time, size or memory limit'
              : `ffmpeg: ${words.trim()}`,
          ),
        );
    });
  });
}

function beNice(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // It has ended already, or the system does not let us: then it runs like everything else.
  }
}

/** Runs ffmpeg and gives what it wrote to `pipe:1`; null when that is nothing. */
export async function ffmpegBytes(task: Omit<Task, 'take'>, most: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let length = 0;
  await ffmpeg({
    ...task,
    take(bytes) {
      length += bytes.length;
      parts.push(bytes);
      return length <= most;
    },
  });
  return length > 0 ? Buffer.concat(parts) : null;
}
