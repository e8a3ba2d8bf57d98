import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonOf } from './json.ts';

export type Written = {
  /** Below the folder that was looked through. */
  readonly path: string;
  readonly sha256: string;
  readonly whole: boolean;
  /** What the worker wrote into it: whose job it was, and which picture was rendered. Null when it says nothing. */
  readonly jobId: string | null;
  readonly serial: number | null;
};

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const prompt = z.object({ '1': z.object({ inputs: z.object({ color: z.int() }) }) });

/** The texts of a PNG and whether it has its end. Read without the product's own code, which is what is on trial. */
function readPng(bytes: Buffer): { texts: Map<string, string>; whole: boolean } {
  const texts = new Map<string, string>();
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return { texts, whole: false };
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (at + 12 + length > bytes.length) break;
    if (type === 'IEND') return { texts, whole: true };
    if (type === 'tEXt') {
      const [key = '', ...value] = bytes.toString('latin1', at + 8, at + 8 + length).split('\0');
      texts.set(key, value.join('\0'));
    }
    at += 12 + length;
  }
  return { texts, whole: false };
}

export function readWritten(path: string, bytes: Buffer): Written {
  const { texts, whole } = readPng(bytes);
  return {
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    whole,
    jobId: z.string().safeParse(jsonOf(texts.get('comfyume_job') ?? '')).data ?? null,
    serial: prompt.safeParse(jsonOf(texts.get('prompt') ?? '')).data?.['1'].inputs.color ?? null,
  };
}

/** All files below a folder, whoever put them there. */
export async function allWritten(folder: string): Promise<Written[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: Written[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    found.push(readWritten(file.slice(folder.length + 1), await readFile(file)));
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
