import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, quietly, requireNode, root, unlessDone } from './steps.mjs';

const SOURCES = [
  'src',
  'public',
  'prisma',
  'scripts',
  'package-lock.json',
  'next.config.mjs',
  'postcss.config.mjs',
  'prisma.config.ts',
  'tsconfig.json',
];
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Installs what package-lock.json names. */
export const install = () =>
  unlessDone('node_modules/.comfyume-installed', fingerprint(['package-lock.json']), () =>
    quietly('Installing packages', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund']),
  );

const CLIENT = 'src/adapters/db/generated';
const OTHER_CLIENT = 'node_modules/.comfyume-postgresql';

/** Prisma looks for a schema engine, which `generate` does not use and which would have to be downloaded: any executable will do. */
const generateFrom = (schema, of) =>
  quietly(`Generating the database client of ${of}`, bin('prisma'), ['generate', '--schema', schema], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });

/** A client of Prisma's speaks to one kind of database. That of PostgreSQL differs from SQLite's in one file, which is put beside it: the types are SQLite's for both. */
export const generate = () =>
  unlessDone(`${CLIENT}/.print`, fingerprint(['prisma', 'package-lock.json', 'scripts/build.mjs']), async () => {
    const schema = 'prisma/schema.prisma';
    await generateFrom(schema, 'SQLite');
    rmSync(join(root, OTHER_CLIENT), { recursive: true, force: true });
    mkdirSync(join(root, OTHER_CLIENT));
    const other = readFileSync(join(root, schema), 'utf8')
      .replace('provider = "sqlite"', 'provider = "postgresql"')
      .replace(`"../${CLIENT}"`, '"./client"');
    writeFileSync(join(root, OTHER_CLIENT, 'schema.prisma'), other);
    await generateFrom(`${OTHER_CLIENT}/schema.prisma`, 'PostgreSQL');
    copyFileSync(
      join(root, OTHER_CLIENT, 'client/internal/class.ts'),
      join(root, CLIENT, 'internal/postgresql-class.ts'),
    );
  });

/** The programs that Node runs. The folder must lie where they find their packages. */
export async function bundle(folder, others = []) {
  const { build } = await import('esbuild');
  rmSync(join(root, folder), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'src/server/process/main.ts', out: 'server' },
      { in: 'src/server/http/json-worker.ts', out: 'json-worker' },
      { in: 'src/adapters/files/media/picture-process.ts', out: 'picture-process' },
      { in: 'src/server/process/doctor.ts', out: 'doctor' },
      { in: 'src/server/process/restore.ts', out: 'restore' },
      { in: 'src/server/process/move-database.ts', out: 'move-database' },
      { in: 'src/simulator/main.ts', out: 'simulator/main' },
      { in: 'src/simulator/replica-main.ts', out: 'simulator/replica-main' },
      ...others,
    ],
    outdir: folder,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    // What is imported when it is needed is loaded then. In one file, esbuild would load the packages of all of it at the start.
    splitting: true,
    target: 'node20',
    sourcemap: true,
    logLevel: 'silent',
  });
}

/** For the browser, in one file, and its map. Rolldown leaves out more of tRPC than esbuild does: 1.9 of 30.8 kB (gzip). */
export async function extensionFiles() {
  const { rolldown } = await import('rolldown');
  const extension = await rolldown({
    cwd: root,
    input: { comfyume: 'src/extension/main.ts' },
    platform: 'browser',
    transform: { target: 'es2022' },
    treeshake: { propertyReadSideEffects: false },
    logLevel: 'silent',
  });
  const { output } = await extension.generate({
    dir: 'dist/extension',
    entryFileNames: '[name].js',
    format: 'esm',
    minify: true,
    comments: false,
    sourcemap: true,
  });
  await extension.close();
  return output.map(({ fileName, code, source }) => ({ name: fileName, text: code ?? source }));
}

/** As we serve it, and as ComfyUI loads it. */
export async function bundleExtension() {
  for (const { name, text } of await extensionFiles())
    for (const folder of ['dist/extension', 'docker/comfyui/custom_nodes/comfyume/web']) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, name), text);
    }
}

export async function buildAll() {
  await install();
  await generate();
  await unlessDone('dist/.print', fingerprint(SOURCES), async () => {
    // In a process that ends: esbuild's service and rolldown's threads would stay as long as ours.
    await quietly('Building the server', process.execPath, [join(root, 'scripts/bundle.mjs')]);
    await quietly('Building the pages', bin('next'), ['build'], { NEXT_TELEMETRY_DISABLED: '1' });
  });
}

/** For programs that need the built product. */
export async function buildOrEnd() {
  requireNode();
  try {
    await buildAll();
  } catch (error) {
    process.stderr.write(`\n  ${error.message}\n\n`);
    process.exit(1);
  }
}
