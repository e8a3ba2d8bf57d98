import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { requireNode, root } from './steps.mjs';

/** Runs one of the built programs, named first. */
requireNode();
try {
  const { buildAll } = await import('./build.mjs');
  await buildAll();
} catch (error) {
  process.stderr.write(`\n  ${error.message}\n\n`);
  process.exit(1);
}
// A process of its own: where the share hangs it can only end by a signal, and that is a fault.
const [, , name, ...args] = process.argv;
const child = spawn(process.execPath, [join(root, 'dist', `${name}.js`), ...args], { cwd: root, stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
