import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const BUILDS = file('../../node_modules/.cache');

export type ServerBundle = {
  /** For Node. Optimizing Prisma's WebAssembly would take a third of a start. */
  readonly args: readonly string[];
  remove(): Promise<void>;
};

/** A server, and the programs that it starts, as the real build makes them: it starts in half the time. It lies where it finds its packages. */
export async function bundleServer(name: string, entry: string): Promise<ServerBundle> {
  const folder = join(BUILDS, `comfyume-${name}-${process.pid}`);
  await build({
    entryPoints: [
      { in: entry, out: 'server' },
      { in: file('../server/http/json-worker.ts'), out: 'json-worker' },
      { in: file('../adapters/files/media/picture-process.ts'), out: 'picture-process' },
    ],
    outdir: folder,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return {
    args: ['--liftoff-only', join(folder, 'server.js')],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
