import { requireNode, root } from './steps.mjs';

requireNode();
process.env.NODE_ENV = 'production';
process.env.NEXT_TELEMETRY_DISABLED = '1';
try {
  const { buildAll } = await import('./build.mjs');
  await buildAll();
} catch (error) {
  process.stderr.write(`\n  ${error.message}\n\n`);
  process.exit(1);
}
const { main } = await import('../dist/server.js');
await main({ root, dev: false });
