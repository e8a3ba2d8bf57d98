import { spawn } from 'node:child_process';
import { buildOrEnd } from './build.mjs';
import { root } from './steps.mjs';

/** Runs one of `src`'s own programs, named first, on the built product. */
await buildOrEnd();
// The product is tried with its own defaults, whatever is set here.
const { PATH = '', HOME = '' } = process.env;
const child = spawn(process.execPath, ['--import', 'tsx', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { PATH, HOME, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
