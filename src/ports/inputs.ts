import type { InputKind } from '#src/domain/files/input-kinds.ts';
import type { Made } from './gallery.ts';

/** What an upload turned out to be. `file` is its name below `<sfs>/inputs`. */
export type KeptFile = {
  readonly file: string;
  readonly extension: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly kind: InputKind;
  readonly mime: string;
  /** Hexadecimal; null = not known yet. */
  readonly blake3: string | null;
};

/** The input side of the SFS. */
export interface InputShare {
  /**
   * Stores what arrives under the hash of its content, once, in constant memory; nothing is left of what does not arrive whole. `name` is only a hint
   * and for messages. AppError `too_large`, `invalid_input` (no whole picture, film or sound), `storage_full`, `share_unavailable`.
   */
  keep(
    arriving: AsyncIterable<Uint8Array>,
    about: { name: string; limit: number },
  ): Promise<KeptFile & { readonly blake3: string }>;
  /**
   * Deletes a file that nobody has any more. It is put aside first: `isUnused` is asked once nobody can find it, and when it is used after all, it is put
   * back.
   */
  discard(file: string, isUnused: () => Promise<boolean>): Promise<void>;
  /** Is there a regular file of this name? A path that leads elsewhere, a link or a hidden file is none. */
  has(path: string): Promise<boolean>;
}

export type Input = Omit<KeptFile, 'extension'> & {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly createdAt: number;
  /** False: jobs of an earlier version may use it too, which is not known. */
  readonly usesKnown: boolean;
};

/** An upload that a job names, as it was when the job was submitted. The upload may be gone. */
export type JobInput = Pick<Input, 'name' | 'file' | 'kind'> & { readonly inputId: string };

/** Thumbnails of uploads, one for the same bytes, whoever uploaded them. */
export interface InputPictures {
  /** Made when first asked for. */
  thumbnail(input: Pick<Input, 'file' | 'kind' | 'mime'>): Promise<Made>;
  /** Removes what was made from a file that is gone. */
  discard(file: string): Promise<void>;
  /** Ends what is being made. */
  close(): Promise<void>;
}

/** Which uploads jobs name. */
export interface InputUses {
  ofJob(jobId: string): Promise<JobInput[]>;
  /** How many jobs name each of these uploads, and how many of those have not ended. */
  uses(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly jobs: number; readonly alive: number }>>;
  /** The user's newest jobs that name an upload of this kind. */
  jobsThatTake(
    userId: string,
    kind: InputKind,
    limit: number,
  ): Promise<{ id: string; title: string; fingerprint: string | null; createdAt: number }[]>;
  /** Those of these files that jobs need that have not ended. */
  neededByAlive(files: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Who calls which file what. */
export interface InputStore extends InputUses {
  /**
   * Under `name`, or the next free `a (1).png` when the user has other bytes of that name. The same bytes of the same name are one input, and so is what
   * was added before under this id. AppError
   * `too_large` when the user would have more than `maxBytes` with it.
   */
  add(input: Input, maxBytes: number): Promise<Input>;
  get(id: string): Promise<Input | null>;
  /** The user's inputs that have one of these names, or one of these as their `file`. */
  find(userId: string, names: readonly string[]): Promise<Input[]>;
  /** Newest first. */
  list(query: {
    userId: string;
    kind: InputKind | null;
    /** All of them somewhere in the name. */
    words: readonly string[];
    limit: number;
    cursor: string | null;
  }): Promise<{ items: Input[]; nextCursor: string | null }>;
  /** Of all of the user's, newest first. */
  names(userId: string): Promise<Pick<Input, 'name' | 'kind'>[]>;
  total(userId: string): Promise<{ files: number; bytes: number }>;
  /** How many of these are the user's. */
  owned(userId: string, ids: readonly string[]): Promise<number>;
  /**
   * Puts another file in the place of an input of the user's, under its name. AppError `not_found` when the user has none of this id, `invalid_input` when
   * the new file is of another kind, `too_large` as above.
   */
  replace(id: string, input: Input, maxBytes: number): Promise<Input>;
  /** Takes inputs of the user's away; gives how many. Their files can go when nobody else has them. */
  remove(userId: string, ids: readonly string[], now: number): Promise<number>;
  /** Files that nobody has had since before `time`, and that no job needs that has not ended. */
  unused(time: number, limit: number): Promise<string[]>;
  isUnused(file: string): Promise<boolean>;
  /** The file is gone, or somebody's again. */
  forget(file: string): Promise<void>;
}
