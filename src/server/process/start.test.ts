import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const STATIC_IMPORT = /^(?:import|export)\b[^'"();]*["']([^"']+)["'];$/gm;

/** What a built program loads before its first line runs: the packages of its own file, and of the files that it imports. */
async function packagesOf(file: string, seen = new Set<string>()): Promise<Set<string>> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, name = ''] of (await readFile(file, 'utf8')).matchAll(STATIC_IMPORT)) {
    if (name.startsWith('.'))
      for (const other of await packagesOf(join(dirname(file), name), seen)) packages.add(other);
    else if (!name.startsWith('node:') && !builtinModules.includes(name))
      packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
  }
  return packages;
}

/** Each would cost every start time and memory: only some installations or moments need them. */
const WHEN_NEEDED = ['pg', '@prisma/adapter-pg', '@aws-sdk/client-s3', '@aws-sdk/lib-storage', 'mediabunny', 'sharp'];

test('the server loads what it rarely needs when it needs it', async () => {
  const loaded = await packagesOf(join(inject('programs'), 'server.js'));
  expect(loaded).toContain('@prisma/adapter-libsql');
  expect([...WHEN_NEEDED, ...Object.keys(packageJson.devDependencies)].filter((name) => loaded.has(name))).toEqual([]);
});

/** `MALLOC_TRIM_THRESHOLD_` gives back what loading took; without, 50 MB stay. So do 40 MB of V8's for new objects. */
test.each([
  ['package.json', ['MALLOC_TRIM_THRESHOLD_=131072 exec node --max-semi-space-size=4 scripts/start.mjs']],
  ['docker/Dockerfile', ['MALLOC_TRIM_THRESHOLD_=131072', '"node", "--max-semi-space-size=4", "docker/start.mjs"']],
  ['src/bench/product.ts', ["'MALLOC_TRIM_THRESHOLD_=131072', process.execPath, '--max-semi-space-size=4'"]],
])('%s starts with bounds for memory', async (path, words) => {
  const text = await readFile(join(ROOT, path), 'utf8');
  for (const word of words) expect(text).toContain(word);
});

/** Says which processes it has started, and which native modules it has loaded. */
const SERVER = `
import { readdirSync, readFileSync } from 'node:fs';
const parentOf = (pid) => {
  try {
    return Number(readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ').at(-1).split(' ')[1]);
  } catch {
    return 0;
  }
};
export async function main() {
  const children = readdirSync('/proc').filter((pid) => /^\\d+$/.test(pid) && parentOf(pid) === process.pid);
  const native = process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node'));
  process.stdout.write('\\n' + JSON.stringify({ children, native }));
}
`;

test.runIf(process.platform === 'linux')('nothing of the build stays when it has started the server', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-start-'));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  try {
    for (const path of ['scripts', 'package.json', 'package-lock.json'])
      await cp(join(ROOT, path), join(folder, path), { recursive: true });
    // The real bundlers, and sources and pages that are made in a moment.
    await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
    for (const name of await readdir(join(ROOT, 'node_modules')))
      if (!name.startsWith('.')) await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    await writeFile(join(folder, 'node_modules/.bin/next'), '#!/bin/sh\n', { mode: 0o755 });
    const programs = (await readFile(join(ROOT, 'scripts/build.mjs'), 'utf8')).matchAll(/in: '([^']+)'/g);
    for (const [, path = ''] of programs) await write(path, '');
    await write('src/server/process/main.ts', SERVER);
    await write('src/extension/main.ts', 'export {};');
    await write('public/page', '');
    await write('prisma/schema.prisma', '');
    for (const file of ['next.config.mjs', 'postcss.config.mjs', 'prisma.config.ts', 'tsconfig.json'])
      await write(file, '{}');
    await run(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { fingerprint, unlessDone } = await import('./scripts/steps.mjs');
       const done = () => undefined;
       await unlessDone('node_modules/.comfyume-installed', fingerprint(['package-lock.json']), done);
       await unlessDone('src/adapters/db/generated/.print', fingerprint(['prisma', 'package-lock.json', 'scripts/build.mjs']), done);`,
      ],
      { cwd: folder },
    );
    const { stdout } = await run(process.execPath, ['scripts/start.mjs'], { cwd: folder });
    expect(stdout).toContain('Building the server');
    expect(JSON.parse(stdout.slice(stdout.lastIndexOf('\n')))).toEqual({ children: [], native: [] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
