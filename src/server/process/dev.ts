import { main } from './main.ts';

await main({ root: process.cwd(), dev: true });
