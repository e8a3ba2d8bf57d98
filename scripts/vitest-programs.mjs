import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './build.mjs';
import { startPostgresql } from './postgresql.mjs';
import { root } from './steps.mjs';

/** It lies where its programs find their packages, and two runs do not share it. */
const FOLDER = `node_modules/.cache/comfyume-programs-${process.pid}`;
const BUILT = JSON.stringify(pathToFileURL(join(root, FOLDER, 'main.js')).href);

let postgresql = null;

/** With DATABASE=postgresql, whatever needs a database gets one of PostgreSQL's. */
export async function setup({ provide }) {
  await bundle(FOLDER, [{ in: 'src/server/integration/testing/server-main.ts', out: 'test-server' }]);
  provide('programs', join(root, FOLDER));
  if (process.env.DATABASE === 'postgresql') {
    postgresql = await startPostgresql();
    if (postgresql === null) throw new Error('PostgreSQL is not installed.');
  }
  provide('postgresql', postgresql?.url ?? null);
}
export async function teardown() {
  await postgresql?.stop();
  rmSync(join(root, FOLDER), { recursive: true, force: true });
}

/**
 * Whatever starts a program of ours from its source, or from the build beside itself, finds itself in a build:
 * a program that is compiled at each start takes twice the time, and tests start hundreds.
 */
export const builtPrograms = {
  name: 'built-programs',
  enforce: 'pre',
  transform: (code) =>
    code.includes("import.meta.url.endsWith('.ts')") ? code.replaceAll('import.meta.url', BUILT) : null,
};
