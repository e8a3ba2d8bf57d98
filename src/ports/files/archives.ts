import type { Row } from '#src/domain/files/csv.ts';
import type { ZipFile } from '#src/domain/files/zip.ts';

/** Where the bytes of a file come from: a result below `<outputs>`, or what was made for this archive. */
export type Content =
  | { readonly type: 'result'; readonly path: string; readonly sha256: string }
  | { readonly type: 'made'; readonly file: string; readonly at: number };

/** All that goes into one archive, packed once and kept for a day: however often it is asked for, its bytes are the same. */
export type Archive = {
  /** Another one for each packing. */
  readonly id: string;
  /** Null = everybody's, which is for operators only. */
  readonly userId: string | null;
  /** Of the archive, for the one who downloads it. */
  readonly filename: string;
  readonly files: readonly (ZipFile & { readonly content: Content })[];
  /** Files of results that were not on the disk any more. */
  readonly missing: number;
};

export interface ArchiveWriter {
  /** Puts text or bytes behind what is in this file already, and tells where. */
  append(file: string, part: string | Uint8Array): Promise<{ at: number; bytes: number }>;
  /** The same with rows of a CSV file. */
  appendRows(file: string, rows: readonly Row[]): Promise<{ at: number; bytes: number }>;
}

export interface ArchiveStore {
  /** The same facts give the same ticket. */
  ticketFor(facts: string): string;
  find(ticket: string): Promise<Archive | null>;
  /** All or nothing: when `fill` fails, there is no archive. */
  pack(ticket: string, fill: (writer: ArchiveWriter) => Promise<Omit<Archive, 'id'>>): Promise<Archive>;
  /** Throws away what was packed before then, and the oldest of what is more than `most`. */
  clear(before: number, most: number): Promise<void>;
  /** Of a result's file; null when it is not there. */
  size(path: string): Promise<number | null>;
  /** CRC-32, and bytes, of a file of an archive. */
  crc(ticket: string, file: Archive['files'][number]): Promise<number>;
  read(ticket: string, file: Archive['files'][number], from: number, to: number): AsyncIterable<Uint8Array>;
}

export type SheetPicture = {
  /** Absolute path of its thumbnail; null when it has none. */
  readonly thumbnail: string | null;
  readonly name: string;
  readonly note: string;
};

export interface Sheets {
  readonly perPage: number;
  /** One page of pictures with their names under them, as a JPEG. */
  draw(page: {
    readonly title: string;
    readonly note: string;
    readonly pictures: readonly SheetPicture[];
  }): Promise<Uint8Array>;
}
