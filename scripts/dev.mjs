import { bundleExtension, generate, install } from './build.mjs';
import { requireNode, runToItsEnd } from './steps.mjs';

requireNode();
await install();
await generate();
await bundleExtension();
runToItsEnd(
  [
    '--import',
    'tsx',
    '--watch-path=src/server',
    '--watch-path=src/api',
    '--watch-path=src/services',
    '--watch-path=src/adapters',
    '--watch-path=src/domain',
    '--watch-path=src/ports',
    '--watch-path=src/env',
    '--watch-path=src/env.ts',
    'src/server/process/dev.ts',
  ],
  { ...process.env, NEXT_TELEMETRY_DISABLED: '1', UV_THREADPOOL_SIZE: '16' },
);
