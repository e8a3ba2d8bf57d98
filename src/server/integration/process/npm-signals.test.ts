import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../testing/until.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** A program that needs a moment to stop, as ours do. */
const PROGRAM = `
process.on('SIGTERM', () => {
  console.log('stopping');
  setTimeout(() => {
    console.log('stopped');
    process.exit(0);
  }, 300);
});
setInterval(() => undefined, 1000);
console.log('running as ' + process.pid);
`;
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The real commands and their scripts, around programs that do nothing. */
describe('SIGTERM to npm’s own process, as a supervisor sends it', () => {
  let folder = '';
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'comfyume-npm-'));
    for (const path of ['package.json', 'scripts']) await cp(join(ROOT, path), join(folder, path), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const steps = ['buildOrEnd', 'install', 'generate', 'bundleExtension'];
    await write('scripts/build.mjs', steps.map((step) => `export const ${step} = async () => undefined;\n`).join(''));
    await write('dist/server.js', `export async function main() {${PROGRAM}}`);
    for (const path of [
      'dist/doctor.js',
      'dist/restore.js',
      'src/server/process/dev.ts',
      'src/bench/main.ts',
      'src/chaos/main.ts',
    ])
      await write(path, PROGRAM);
    await write('src/env.ts', '');
    for (const watched of ['api', 'services', 'adapters', 'domain', 'ports', 'env'])
      await mkdir(join(folder, 'src', watched));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(['start', 'dev', 'doctor', 'restore', 'bench', 'chaos'])('npm run %s', async (name) => {
    const npm = spawn('npm', ['run', name], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [npm.stdout, npm.stderr])
      stream.on('data', (text) => {
        said += String(text);
      });
    const closed = once(npm, 'close');
    const pid = await until('the program to run', () => /running as (\d+)/.exec(said)?.[1]);
    try {
      npm.kill('SIGTERM');
      await once(npm, 'exit');
      expect([npm.exitCode, isAlive(Number(pid))]).toEqual([0, false]);
      await closed;
      expect(said).toContain('stopping\nstopped\n');
    } finally {
      if (isAlive(Number(pid))) process.kill(Number(pid), 'SIGKILL');
    }
  });
});
