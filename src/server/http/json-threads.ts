import { Piscina } from 'piscina';
import { AppError } from '#src/domain/errors.ts';
import type { Parsed } from './json-worker.ts';

const IDLE_MS = 60_000;
const MAX_MS = 30_000;
const MAX_MIB = 512;

const fromSource = import.meta.url.endsWith('.ts');

/** Parses JSON in a thread beside the event loop, which is there only while it is needed. */
export function createJsonThreads() {
  let threads: Piscina<Uint8Array, Parsed> | null = null;
  return {
    async parse(body: Uint8Array): Promise<unknown> {
      threads ??= new Piscina({
        filename: new URL(fromSource ? './json-worker.ts' : './json-worker.js', import.meta.url).href,
        ...(fromSource && { execArgv: ['--import', 'tsx'] }),
        minThreads: 0,
        maxThreads: 1,
        idleTimeout: IDLE_MS,
        resourceLimits: { maxOldGenerationSizeMb: MAX_MIB },
      });
      const parsed = await threads.run(body, { signal: AbortSignal.timeout(MAX_MS) });
      switch (parsed.type) {
        case 'value':
          return parsed.value;
        case 'plain':
          return JSON.parse(new TextDecoder().decode(body));
        case 'refused':
          throw new AppError(parsed.code, parsed.message);
        case 'broken':
          throw new SyntaxError(parsed.message);
      }
    },
    close: async (): Promise<void> => threads?.destroy(),
  };
}
export type JsonThreads = ReturnType<typeof createJsonThreads>;
