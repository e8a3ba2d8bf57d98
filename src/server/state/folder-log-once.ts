import { systemCode } from '#src/adapters/files/file-errors.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Log } from '#src/ports/log.ts';

export type FolderLogOnce = {
  failed(folder: string, about: object, error: unknown): void;
  /** It could be looked at, or is not watched any more. */
  over(folder: string): void;
  noHints(about: object, error: unknown): void;
};

const kindOf = (error: unknown): string =>
  error instanceof AppError ? `${error.code} ${systemCode(error.cause) ?? ''}` : 'internal';

/** A share that goes away takes all its folders with it: that is told once, and once that it is back. Folder by folder it is told only for who debugs. */
export function createFolderLogOnce(log: Log): FolderLogOnce {
  const failing = new Map<string, string>();
  const hadError = new Set<string>();
  return {
    failed(folder, about, error) {
      const kind = kindOf(error);
      if (failing.get(folder) === kind) return;
      const isNew = ![...failing.values()].includes(kind);
      failing.set(folder, kind);
      hadError.add(folder);
      if (isNew) log.warn({ ...about, err: error }, 'cannot scan the folders of attempts, retrying');
      log.debug({ ...about, err: error }, 'cannot scan a folder, retrying');
    },
    over(folder) {
      if (!failing.delete(folder)) return;
      log.debug({ folder }, 'a folder can be scanned again');
      if (failing.size > 0) return;
      log.info({ folders: hadError.size }, 'all folders of attempts can be scanned again');
      hadError.clear();
    },
    noHints: (about, error) =>
      log[failing.size > 0 ? 'debug' : 'warn']({ ...about, err: error }, 'cannot watch a folder, scanning only'),
  };
}
