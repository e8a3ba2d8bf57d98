import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatRule } from './format.ts';
import type { ByteRange, Verdict } from './reading/verdict.ts';
import { MAX_READ } from './reading/window.ts';

const DIR = join(import.meta.dirname, 'fixtures');
const filesOf = (dir: string): { name: string; bytes: Uint8Array }[] =>
  readdirSync(dir).map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(dir, name))) }));
/** Recorded from a real worker. */
export const fixtures = filesOf(DIR);
/** Files that once failed, and files made with ffmpeg, many of them by writing into a pipe. */
export const cases = filesOf(join(import.meta.dirname, 'cases'));
export const fixture = (start: string): Uint8Array => {
  const found = fixtures.find(({ name }) => name.startsWith(start));
  if (!found) throw new Error(`no fixture begins with ${start}`);
  return found.bytes;
};

type Run = { verdict: Verdict; reads: number; bytesRead: number };

/** Runs the rule over a file that need not exist, and checks its promises about reading. */
export function run(name: string, size: number, read: (range: ByteRange) => Uint8Array): Run {
  const rule = formatRule(name, size);
  let step = rule.next();
  let reads = 0;
  let bytesRead = 0;
  while (!step.done) {
    const { offset, length } = step.value;
    if (offset < 0 || length <= 0 || length > MAX_READ || offset + length > size) {
      throw new Error(`asked for ${length} bytes at ${offset} of ${size}`);
    }
    const bytes = read(step.value);
    reads += 1;
    bytesRead += bytes.length;
    if (reads > 100_000) throw new Error('asks for ever');
    step = rule.next(bytes);
  }
  return { verdict: step.value, reads, bytesRead };
}

export const judge = (name: string, bytes: Uint8Array): Verdict =>
  run(name, bytes.length, ({ offset, length }) => bytes.subarray(offset, offset + length)).verdict;

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
export const bytesOf = (...parts: (Uint8Array | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? ascii(part) : part)]));
export const u32 = (value: number): Uint8Array => Uint8Array.from([24, 16, 8, 0], (shift) => (value >>> shift) & 0xff);
export const u32little = (value: number): Uint8Array => u32(value).reverse();
export const box = (type: string, ...body: (Uint8Array | string)[]): Uint8Array => {
  const content = bytesOf(...body);
  return bytesOf(u32(8 + content.length), type, content);
};
