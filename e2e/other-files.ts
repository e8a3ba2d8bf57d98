import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import type { Api } from './api.ts';
import { runJob } from './jobs.ts';
import type { Stage } from './stage.ts';
import { picture } from './workflows.ts';

let jobs = 0;

/** Files that no simulated node writes, as if a node of somebody's own had written them late: they arrive by their folder. */
export async function deliverFiles(stage: Stage, api: Api, files: Readonly<Record<string, Uint8Array>>) {
  const prefix = `beside${++jobs}`;
  const [own] = await runJob(api, { title: 'Other files', prompt: picture({ prefix }) });
  const all = await readdir(stage.outputs, { recursive: true });
  const beside = all.find((path) => basename(path).startsWith(prefix));
  if (!own || beside === undefined) throw new Error(`The job's folder is not in ${stage.outputs}.`);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(stage.outputs, dirname(beside), name), bytes);
  const read = async () => (await api.jobs.get.query({ id: own.jobId })).results;
  await expect.poll(async () => (await read()).length, { intervals: [100] }).toBe(1 + Object.keys(files).length);
  return (await read()).filter(({ id }) => id !== own.id);
}

/** A triangle, the smallest model that there is something to see of. */
export function triangleGlb(): Uint8Array {
  const corners = Buffer.from(new Float32Array([-1, -1, 0, 1, -1, 0, 0, 1, 0]).buffer);
  const json = JSON.stringify({
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, material: 0 }] }],
    materials: [
      { doubleSided: true, pbrMetallicRoughness: { baseColorFactor: [0.9, 0.5, 0.1, 1], metallicFactor: 0 } },
    ],
    buffers: [{ byteLength: corners.length }],
    bufferViews: [{ buffer: 0, byteLength: corners.length }],
    accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [-1, -1, 0], max: [1, 1, 0] }],
  });
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 4) * 4));
  const chunk = (type: number, bytes: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(bytes.length, 0);
    head.writeUInt32LE(type, 4);
    return Buffer.concat([head, bytes]);
  };
  const body = Buffer.concat([chunk(0x4e4f534a, text), chunk(0x004e4942, corners)]);
  const head = Buffer.alloc(12);
  head.write('glTF', 0);
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(12 + body.length, 8);
  return Buffer.concat([head, body]);
}

/** So many seconds of a tone, mono, 8000 samples a second. */
export function sineWav(seconds: number): Uint8Array {
  const rate = 8000;
  const samples = Int16Array.from(
    { length: rate * seconds },
    (_, at) => Math.sin((at * 2 * Math.PI * 220) / rate) * 12_000,
  );
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

const run = promisify(execFile);

export const hasFfmpeg = (): Promise<boolean> =>
  run('ffmpeg', ['-version']).then(
    () => true,
    () => false,
  );

/** What ffmpeg makes of these arguments, as a file of this kind. */
export async function byFfmpeg(extension: string, ...args: readonly string[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-made-'));
  try {
    const file = join(folder, `made.${extension}`);
    await run('ffmpeg', ['-loglevel', 'error', ...args, file]);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
