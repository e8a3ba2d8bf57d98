/** A file that was opened for reading. */
export type OpenedFile = {
  readonly bytes: number;
  readonly modifiedAt: number;
  /** `to` is exclusive. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
};

/** Gives `use` the path of a file on this machine's disk, which stays there meanwhile. */
export type LocalFile = <T>(use: (file: string) => Promise<T>) => Promise<T>;

/** Files by their path, with `/`. Whatever happens, a file is there whole or not at all. */
export interface FileStore {
  /** Bytes. Null = nothing has this name; `no file` = a folder or a link has it. */
  size(path: string): Promise<number | 'no file' | null>;
  sha256(path: string): Promise<string>;
  /** Null = there is no such file. */
  open(path: string): Promise<OpenedFile | null>;
  local<T>(path: string, use: (file: string) => Promise<T>): Promise<T>;
  /** Where a file can be made on this machine's disk before it is put in place. The same name is the same file. */
  draft(name: string): string;
  /** Takes a draft, and puts it in the place of what is there. */
  put(draft: string, path: string, sha256: string | null): Promise<void>;
  remove(path: string): Promise<void>;
  /** All that have files below them, and when these last changed. */
  folders(): Promise<{ readonly name: string; readonly changedAt: number }[]>;
  removeFolder(name: string): Promise<void>;
}
