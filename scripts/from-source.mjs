import { buildOrEnd } from './build.mjs';
import { runToItsEnd } from './steps.mjs';

/** Runs one of `src`'s own programs, named first, on the built product. */
await buildOrEnd();
// The product is tried with its own defaults, whatever is set here.
const { PATH = '', HOME = '' } = process.env;
runToItsEnd(['--import', 'tsx', ...process.argv.slice(2)], {
  PATH,
  HOME,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
});
