import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

const node = (file: URL) => [process.execPath, '--import', 'tsx', fileURLToPath(file)];
const DOCTOR = node(new URL('./doctor.ts', import.meta.url));
/** Mounts that nobody else sees and that go with the process. */
const ALONE = ['unshare', '-r', '-m'];
const works = ([command = '', ...args]: readonly string[]): boolean => spawnSync(command, args).status === 0;

let root: string;
const at = (...parts: string[]) => join(root, ...parts);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-doctor-'));
  for (const folder of ['sfs/outputs', 'sfs/inputs', 'data']) await mkdir(at(folder), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The doctor as a process, with these variables and no others. */
async function doctor(variables: Record<string, string>, before: readonly string[] = []) {
  const [command = '', ...args] = [...before, ...DOCTOR];
  const { PATH = '' } = process.env;
  const child = spawn(command, args, {
    env: { NODE_ENV: 'test', PATH, DATA_DIR: at('data'), SFS_DIR: at('sfs'), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      said += String(piece);
    });
  await once(child, 'close');
  const lines = said.split('\n').map((line) => line.trim());
  return {
    code: child.exitCode ?? child.signalCode,
    said,
    faults: lines.filter((line) => line.startsWith('FAULT')),
    warnings: lines.filter((line) => line.startsWith('warn')),
  };
}

test('all is well, and no GPU was started', async () => {
  let requests = 0;
  const worker = createServer((_, response) => {
    requests += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(worker, 'listening');
  const { port } = z.object({ port: z.number() }).parse(worker.address());
  const endpoint = { name: 'H200', url: `http://127.0.0.1:${port}/comfy`, apiKeyVariable: 'GPU_KEY' };
  const { code, said, faults } = await doctor({ ENDPOINTS: JSON.stringify([endpoint]), GPU_KEY: 'secret words' });
  worker.close();
  expect(faults).toEqual([]);
  expect(code).toBe(0);
  for (const words of [
    `Share: ${at('sfs')} is on `,
    `Outputs: ${at('sfs/outputs')} is readable and writable.`,
    'Clock: The share’s clock and ours agree.',
    `Endpoint H200: 127.0.0.1:${port} accepts connections. No request was sent, so no GPU was started.`,
    'Endpoint H200: Its key is set (GPU_KEY).',
    'no faults',
  ])
    expect(said).toContain(words);
  expect(said).not.toContain('secret words');
  expect(requests).toBe(0);
  expect((await readdir(at('sfs'), { recursive: true })).sort()).toEqual(['inputs', 'outputs']);
});

test('a fresh clone, with nothing set', async () => {
  const { code, said, faults, warnings } = await doctor({ SFS_DIR: '', DATA_DIR: at('fresh') });
  expect({ code, faults, warnings }).toEqual({ code: 0, faults: [], warnings: [] });
  expect(said).toContain('is created at the first start');
  expect(await readdir(root)).not.toContain('fresh');
});

test('what is wrong ends with code 1, each in a sentence with what to do', async () => {
  const endpoints = [{ name: 'Gone', url: 'http://127.0.0.1:9' }];
  const variables = { SFS_DIR: at('nowhere'), OUTPUTS_DIR: '/proc/outputs', ENDPOINTS: JSON.stringify(endpoints) };
  const { code, said, faults } = await doctor(variables);
  expect(code).toBe(1);
  expect(faults).toEqual([
    expect.stringContaining(`Share: SFS_DIR is ${at('nowhere')}, but that folder does not exist.`),
    expect.stringContaining('Participants’ files: /proc/outputs cannot be made'),
    expect.stringContaining('Endpoint Gone: No connection to 127.0.0.1:9 (ECONNREFUSED).'),
  ]);
  expect(said.match(/→ /g)).toHaveLength(3);
  expect(said).toContain('3 faults');
});

test('a configuration that is not right is a fault too', async () => {
  const { code, said } = await doctor({ SFS_POLL_MS: 'often' });
  expect(code).toBe(1);
  expect(said).toContain('SFS_POLL_MS should be a whole number');
  expect(said).not.toContain('    at ');
});

describe.runIf(works([...ALONE, 'true']))('on mounts of its own', () => {
  test('a read-only share is enough, but for uploads', async () => {
    const script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';
    const { code, said, warnings } = await doctor({}, [...ALONE, 'sh', '-c', script, at('sfs')]);
    expect(said).toContain(`Outputs: ${at('sfs/outputs')} is read-only here. That is enough`);
    expect(said).toContain(`mounted at ${at('sfs')}`);
    expect(warnings).toEqual([
      expect.stringContaining(`Inputs: ${at('sfs/inputs')} cannot be written to (EROFS), so nobody can upload`),
    ]);
    expect(code).toBe(0);
  });
});
