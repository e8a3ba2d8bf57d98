import type { FileFacts } from '#src/domain/result.ts';

export type Delivered = { readonly bytes: number; readonly sha256: string; readonly facts: FileFacts };

/** The delivered files, below `<outputs>`. A `path` is `<participant's folder>/<name>`, with `/`. */
export interface Gallery {
  /**
   * Brings one whole file home: temporary name, fsync, rename, fsync of the folder. Constant memory. Doing it twice ends in the same one file.
   * Refuses with AppError `file_changed` when the source changed or vanished while it was copied, `foreign_file` when a job id embedded in it is not
   * `jobId`, `storage_full` when there is no room.
   */
  bringHome(
    source: { folder: string; path: string; bytes: number; mtimeMs: number },
    path: string,
    jobId: string,
  ): Promise<Delivered>;
  /** Removes a file that came home too late to be wanted. */
  discard(path: string): Promise<void>;
  /** Bytes that are left for results. */
  freeBytes(): Promise<number>;
  /** Absolute path of a delivered file, for serving it. */
  locate(path: string): string;
  /** Makes, once, a small WebP of a picture (or a film's poster) and gives its absolute path; null when none can be made. */
  thumbnail(resultId: string, path: string, facts: FileFacts): Promise<string | null>;
}
