import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../dist/server.js';

/** In the image everything is built: nothing is looked at or made again, and nothing has to be writable. */
await main({ root: dirname(dirname(fileURLToPath(import.meta.url))), dev: false });
