import { main } from '#src/server/process/main.ts';
import { noPages } from './no-pages.ts';
import { withoutCaptures } from './without-captures.ts';

await main({ root: process.cwd(), dev: false }, async () => noPages, withoutCaptures);
