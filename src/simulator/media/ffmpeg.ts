import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PythonError } from '../replica/python.ts';
import type { TextEntry } from './png.ts';

function run(args: readonly string[], input: Iterable<Uint8Array>, purpose: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args]);
    const output: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => output.push(part));
    child.stderr.on('data', (part: Buffer) => complaints.push(part));
    child.on('error', () => {
      reject(
        new PythonError('RuntimeError', `This simulated worker has no ffmpeg on its PATH, so it cannot ${purpose}.`),
      );
    });
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output));
      else
        reject(
          new PythonError(
            'RuntimeError',
            `ffmpeg could not ${purpose}: ${Buffer.concat(complaints).toString().trim()}`,
          ),
        );
    });
    // The exit code already reports a broken pipe.
    child.stdin.on('error', () => {});
    void (async () => {
      for (const part of input)
        if (!child.stdin.write(part)) await new Promise((next) => child.stdin.once('drain', next));
      child.stdin.end();
    })();
  });
}

const escaped = (text: string): string => text.replace(/[=;#\\\n]/g, (char) => `\\${char}`);

/** Encodes raw frames or samples into a file of its own, with tags, and returns its bytes. */
export async function encodeWithFfmpeg(job: {
  temp: string;
  extension: string;
  input: Iterable<Uint8Array>;
  inputArgs: readonly string[];
  outputArgs: readonly string[];
  entries: readonly TextEntry[];
}): Promise<Buffer> {
  const base = path.join(job.temp, randomUUID());
  const tags = `${base}.txt`;
  const file = `${base}.${job.extension}`;
  try {
    await writeFile(
      tags,
      [';FFMETADATA1', ...job.entries.map(({ key, text }) => `${escaped(key)}=${escaped(text)}`), ''].join('\n'),
    );
    const metadata = ['-f', 'ffmetadata', '-i', tags, '-map', '0', '-map_metadata', '1'];
    await run(
      [...job.inputArgs, '-i', 'pipe:0', ...metadata, ...job.outputArgs, file],
      job.input,
      `write ${job.extension} files`,
    );
    return await readFile(file);
  } finally {
    await rm(tags, { force: true });
    await rm(file, { force: true });
  }
}

/** Any audio file as 32-bit floats of two channels at 44.1 kHz. */
export const decodeAudio = (file: string): Promise<Buffer> =>
  run(['-i', file, '-vn', '-f', 'f32le', '-ac', '2', '-ar', '44100', 'pipe:1'], [], 'read audio files');
