import { main } from '#src/server/process/main.ts';
import { noPages } from './no-pages.ts';

await main({ root: process.cwd(), dev: false }, async () => noPages);
