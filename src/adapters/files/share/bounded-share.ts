import pTimeout from 'p-timeout';
import { AppError } from '#src/domain/errors.ts';
import type { Share } from '#src/ports/share.ts';

export type BoundedCalls = <T>(what: string, call: () => Promise<T>) => Promise<T>;

/**
 * A share that hangs holds a thread of this process for every call that waits for it, and Node has four for all files. So at most `maxStuck` calls are
 * under way, the others wait their turn; each is given up after `timeoutMs`; and while all that may be under way have been given up, no further ones are made.
 */
export function createBoundedCalls({ timeoutMs, maxStuck }: { timeoutMs: number; maxStuck: number }): BoundedCalls {
  const turns: (() => void)[] = [];
  let underWay = 0;
  let stuck = 0;

  async function turn(what: string): Promise<void> {
    for (;;) {
      if (stuck >= maxStuck)
        throw new AppError('share_unavailable', `The shared file system does not respond; ${what} has to wait.`);
      if (underWay < maxStuck) break;
      await new Promise<void>((resolve) => turns.push(resolve));
    }
    underWay += 1;
  }

  return async function bounded<T>(what: string, call: () => Promise<T>): Promise<T> {
    await turn(what);
    let isStuck = false;
    const work = call().finally(() => {
      underWay -= 1;
      if (isStuck) stuck -= 1;
      turns.shift()?.();
    });
    return pTimeout(work, {
      milliseconds: timeoutMs,
      fallback() {
        isStuck = true;
        stuck += 1;
        if (stuck >= maxStuck) for (const wake of turns.splice(0)) wake();
        throw new AppError(
          'share_unavailable',
          `The shared file system did not respond within ${timeoutMs / 1000} s (${what}).`,
        );
      },
    });
  };
}

export function boundShare(share: Share, bounded: BoundedCalls): Share {
  return {
    list: (folder) => bounded(`scanning ${folder}`, () => share.list(folder)),
    examine: (folder, path) => bounded(`reading ${folder}/${path}`, () => share.examine(folder, path)),
    embedded: (folder, path) => bounded(`reading ${folder}/${path}`, () => share.embedded(folder, path)),
    watch: (folder, hint) => bounded(`watching ${folder}`, () => share.watch(folder, hint)),
    makeFolder: (folder) => bounded(`creating ${folder}`, () => share.makeFolder(folder)),
    removeIfEmpty: (folder) => bounded(`removing ${folder}`, () => share.removeIfEmpty(folder)),
    folders: () => bounded('listing the folders', () => share.folders()),
  };
}
