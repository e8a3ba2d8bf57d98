import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildOrEnd } from './build.mjs';
import { root } from './steps.mjs';

/** Runs one of the built programs, named first. */
await buildOrEnd();
// A process of its own: where the share hangs it can only end by a signal, and that is a fault.
const [, , name, ...args] = process.argv;
const child = spawn(process.execPath, [join(root, 'dist', `${name}.js`), ...args], { cwd: root, stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
