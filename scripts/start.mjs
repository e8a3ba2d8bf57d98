import { buildOrEnd } from './build.mjs';
import { root } from './steps.mjs';

process.env.NODE_ENV = 'production';
process.env.NEXT_TELEMETRY_DISABLED = '1';
await buildOrEnd();
const { main } = await import('../dist/server.js');
await main({ root, dev: false });
