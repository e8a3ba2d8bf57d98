import { bounded } from '#src/adapters/files/share/bounded.ts';
import { detectShareMode, type ShareMode } from '#src/adapters/files/share/share-mode.ts';

const DETECT_MS = 2000;

/** A share that is silent or broken just now must not hold up the start: it is polled, whatever it is. */
export async function modeOf(shareOutputs: string): Promise<ShareMode> {
  const found = await bounded(detectShareMode(shareOutputs), DETECT_MS);
  return found.type === 'got' ? found.value : 'poll';
}
