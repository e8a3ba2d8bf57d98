import { join } from 'node:path';
import { bounded } from '#src/adapters/files/bounded.ts';
import { freeBytes } from '#src/adapters/files/disk.ts';
import type { Config } from '#src/env.ts';
import type { Disks } from '#src/ports/disks.ts';

const MOST_MS = 2000;
/** A look writes a small file on each of our disks. */
const FRESH_MS = 5000;

/** A look that has no answer yet is not begun again: on a share that hangs, each one holds a thread. */
function once<T>(look: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= look().finally(() => {
      running = null;
    });
    return running;
  };
}

export function createDisks(
  config: Pick<Config, 'sfsDir' | 'outputsDir'>,
  faults: () => Promise<string[]>,
  freeIn: (dir: string) => Promise<number | null> = freeBytes,
): Disks {
  const places = [
    { name: 'the share', look: once(() => freeIn(join(config.sfsDir, 'outputs'))) },
    { name: 'the disk for results', look: once(() => freeIn(config.outputsDir)) },
  ];

  async function free({ name, look }: (typeof places)[number]) {
    const outcome = await bounded(look(), MOST_MS);
    return { name, free: outcome.type === 'got' ? outcome.value : null };
  }

  const readNow = async () => ({ faults: await faults(), disks: await Promise.all(places.map(free)) });
  let last: { readonly at: number; readonly reading: ReturnType<typeof readNow> } | null = null;
  return {
    read() {
      if (!last || performance.now() - last.at >= FRESH_MS) last = { at: performance.now(), reading: readNow() };
      return last.reading;
    },
  };
}
