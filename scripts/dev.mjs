import { spawn } from 'node:child_process';
import { bundleExtension, generate, install } from './build.mjs';
import { requireNode, root } from './steps.mjs';

requireNode();
await install();
await generate();
await bundleExtension();
const child = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    '--watch-path=src/server',
    '--watch-path=src/api',
    '--watch-path=src/services',
    '--watch-path=src/adapters',
    'src/server/dev.ts',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 0));
