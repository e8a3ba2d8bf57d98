import { main } from '../main.ts';
import { noPages } from './no-pages.ts';

await main({ root: process.cwd(), dev: false }, async () => noPages);
