import { AppError } from '#src/domain/errors.ts';
import type { Share } from '#src/ports/share.ts';

export type Patience = <T>(what: string, call: () => Promise<T>) => Promise<T>;

/**
 * A share that hangs holds a thread of this process for every call that waits for it. So each call is given up after `timeoutMs`, and while `mostStuck`
 * calls have not come back no further ones are made.
 */
export function createPatience({ timeoutMs, mostStuck }: { timeoutMs: number; mostStuck: number }): Patience {
  let stuck = 0;

  return async function bounded<T>(what: string, call: () => Promise<T>): Promise<T> {
    if (stuck >= mostStuck)
      throw new AppError('share_unavailable', `The shared file system does not answer; ${what} has to wait.`);
    let isStuck = false;
    const work = call().finally(() => {
      if (isStuck) stuck -= 1;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isStuck = true;
        stuck += 1;
        reject(
          new AppError(
            'share_unavailable',
            `The shared file system did not answer within ${timeoutMs / 1000} s (${what}).`,
          ),
        );
      }, timeoutMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
      // When it was given up, its own failure later on has nobody left to tell.
      work.catch(() => undefined);
    }
  };
}

export function boundShare(share: Share, bounded: Patience): Share {
  return {
    list: (folder) => bounded(`looking into ${folder}`, () => share.list(folder)),
    examine: (folder, path) => bounded(`reading ${folder}/${path}`, () => share.examine(folder, path)),
    watch: (folder, hint) => bounded(`watching ${folder}`, () => share.watch(folder, hint)),
    folders: () => bounded('listing the folders', () => share.folders()),
  };
}
