import type { FileFacts } from '#src/domain/file-facts.ts';
import type { Derived } from '#src/domain/files/derived.ts';
import type { LocalFile, OpenedFile } from './files/file-store.ts';

/** A small WebP of a picture, by its content. Rejects what is none. */
export type ShrinkPicture = (picture: Uint8Array) => Promise<Uint8Array>;

export type Delivered = { readonly bytes: number; readonly sha256: string; readonly facts: FileFacts };

export type Made =
  | {
      readonly state: 'there';
      readonly mime: string;
      /** Null when it is gone again. */
      open(): Promise<OpenedFile | null>;
      readonly local: LocalFile;
    }
  /** It takes long; ask again. */
  | { readonly state: 'underway' }
  | { readonly state: 'none'; readonly why: string };

/** `replaces`: the SHA-256 of what may be there and goes; null = nothing may. */
export type GalleryPlace = { readonly path: string; readonly replaces: string | null };

/** The delivered files, below `<outputs>` or in a bucket. A `path` is `<participant's folder>/<name>`, with `/`. `taken` = other content is there, which stays as it is. */
export interface Gallery {
  /**
   * Brings one whole file home: temporary name, fsync, rename, fsync of the folder. Constant memory. Doing it twice ends in the same one file.
   * Refuses with AppError `file_changed` when the source changed or vanished while it was copied, `foreign_file` when a job id embedded in it is not
   * `jobId` (null = any will do), `storage_full` when there is no room. `unfinished`: as it is, though its format says that it is not whole.
   */
  importFile(
    source: { folder: string; path: string; bytes: number; mtimeMs: number },
    place: GalleryPlace,
    jobId: string | null,
    unfinished?: boolean,
  ): Promise<Delivered | 'taken'>;
  /** Copies a delivered file to another name. Doing it twice ends in the same one file. */
  duplicate(path: string, to: string): Promise<'copied' | 'taken'>;
  /** The same for a text that no file on the share has. */
  putText(path: string, text: string): Promise<Delivered | 'taken'>;
  /** Whether nothing at all has this name. */
  isFree(path: string): Promise<boolean>;
  /** Removes a file: one that arrived too late to be wanted, or whose owner does not want it any more. */
  discard(path: string): Promise<void>;
  /** Files will come soon: starts what reads them. */
  prepare(): void;
  /** The bytes of a delivered file. AppError `not_found` when it is not there any more. */
  read(path: string): AsyncIterable<Uint8Array>;
  /** A delivered file, for serving it or a part of it; null when it is not there any more. */
  open(path: string): Promise<OpenedFile | null>;
  /** Its bytes; null when there is no such file. */
  size(path: string): Promise<number | null>;
  /** For programs that read files by themselves: gives `use` its path on this machine's disk. */
  local<T>(path: string, use: (file: string) => Promise<T>): Promise<T>;
  /**
   * What is made from a delivered file: made once, when first asked for. What cannot be made is not tried again for a while. Only a proxy is ever
   * `underway`; for all others this waits.
   */
  derive(what: Derived, resultId: string, path: string, facts: FileFacts): Promise<Made>;
  /** The small WebP of a picture, or a film's poster, as an absolute path; null when there is none. */
  thumbnail(resultId: string, path: string, facts: FileFacts): Promise<string | null>;
  /** Removes what was made from a result. */
  discardDerived(resultId: string): Promise<void>;
  /** Ends what is being made. */
  close(): Promise<void>;
}
