import { join } from 'node:path';
import { buildOrEnd } from './build.mjs';
import { root, runToItsEnd } from './steps.mjs';

/** Runs one of the built programs, named first. */
await buildOrEnd();
// A process of its own: where the share hangs it can only end by a signal, and that is a fault.
const [, , name, ...args] = process.argv;
runToItsEnd([join(root, 'dist', `${name}.js`), ...args]);
