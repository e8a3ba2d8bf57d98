import { open } from 'node:fs/promises';

/** A name survives a power failure only once its folder is on the disk. */
export async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
