import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '../file-errors.ts';
import { MAX_DEPTH } from './found.ts';

/**
 * Calls `hint` after everything that changes below a folder. Each folder is watched before it is read, so what is put there meanwhile is in one of the two.
 * Throws where the folder itself cannot be watched; a part of it that cannot is the scan's affair.
 */
export async function watchBelow(root: string, hint: () => void): Promise<() => void> {
  const watchers = new Map<string, FSWatcher>();
  let scheduled: NodeJS.Immediate | null = null;
  let isClosed = false;

  /** Once for all events of one turn. */
  function wake(): void {
    if (isClosed) return;
    scheduled ??= setImmediate(() => {
      scheduled = null;
      hint();
    });
  }

  function leave(dir: string): void {
    if (!watchers.has(dir)) return;
    for (const [path, watcher] of watchers)
      if (path === dir || path.startsWith(join(dir, '/'))) {
        watcher.close();
        watchers.delete(path);
      }
  }

  async function enter(dir: string, depth: number): Promise<void> {
    if (isClosed || watchers.has(dir)) return;
    const watcher = watch(dir, (event, name) => {
      wake();
      if (event === 'rename' && name !== null && depth < MAX_DEPTH)
        void replace(join(dir, name), depth + 1).catch(wake);
    });
    watchers.set(dir, watcher);
    watcher.on('error', () => {
      leave(dir);
      wake();
    });
    const entries = depth < MAX_DEPTH ? await readdir(dir, { withFileTypes: true }) : [];
    wake();
    for (const entry of entries)
      if (entry.isDirectory() && watchers.get(dir) === watcher)
        await enter(join(dir, entry.name), depth + 1).catch(wake);
  }

  /** Something was made, moved or removed there. A folder that is watched may be another one now. */
  async function replace(path: string, depth: number): Promise<void> {
    leave(path);
    const stats = await ifThere(lstat(path));
    if (stats?.isDirectory()) await enter(path, depth);
  }

  function close(): void {
    isClosed = true;
    leave(root);
    if (scheduled) clearImmediate(scheduled);
  }

  try {
    await enter(root, 0);
  } catch (error) {
    close();
    throw error;
  }
  return close;
}
