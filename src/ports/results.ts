import type { FileFacts } from '#src/domain/file-facts.ts';
import type { Weighed } from '#src/domain/files/retention.ts';

export type Result = FileFacts & {
  readonly id: string;
  readonly userId: string;
  readonly jobId: string;
  readonly nodeId: string;
  /** Below `<outputs>`. */
  readonly path: string;
  /** What its owner calls it; null = as it came. */
  readonly givenName: string | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly deliveredAt: number;
  /** Of its job. */
  readonly title: string;
  /** The first of all versions of its job. */
  readonly familyId: string;
  readonly model: string | null;
  readonly seed: string | null;
  /** Its beginning. */
  readonly prompt: string | null;
  readonly favourite: boolean;
  /** 0 = none, else 1 to 5. */
  readonly rating: number;
  readonly rejected: boolean;
  /** Shown to the class since then. */
  readonly wallAt: number | null;
  readonly removedAt: number | null;
  /** Of a preview node: not in the gallery, and deleted after a while. */
  readonly preview: boolean;
  /** Its run was over, and its format still did not say that it was whole. */
  readonly unfinished: boolean;
  /** Hexadecimal; null = not known yet. */
  readonly blake3: string | null;
};

/** What an owner says of their results. */
export type ResultMarks = {
  readonly favourite?: boolean | undefined;
  readonly rating?: number | undefined;
  readonly rejected?: boolean | undefined;
};

/** All of it must hold. Times are epoch milliseconds. */
export type ResultFilter = {
  readonly jobId?: string | undefined;
  /** Of a job and all its versions. */
  readonly familyId?: string | undefined;
  /** Of jobs that name this upload. */
  readonly inputId?: string | undefined;
  readonly kind?: FileFacts['kind'] | undefined;
  readonly favourite?: true | undefined;
  readonly minRating?: number | undefined;
  readonly rejected?: boolean | undefined;
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
  readonly title?: string | undefined;
  readonly model?: string | undefined;
  readonly lora?: string | undefined;
  readonly seed?: string | undefined;
  /** Words, or beginnings of words, of prompt, negative prompt, title, model, LoRAs and file name. */
  readonly words?: string | undefined;
  /** Those that were moved to the trash, instead of those that were not. */
  readonly removed?: true | undefined;
  /** Previews too. */
  readonly previews?: true | undefined;
};

export type ResultChoice = { readonly name: string; readonly count: number };

/** A name reserved for a file that is on its way. The same file of a job always gets the same one, whichever attempt brings it. */
export type Reservation = {
  readonly id: string;
  readonly path: string;
  readonly counter: number;
  /** `unfinished`: what is here was not whole; the same file, whole, may take its place. */
  readonly delivered: false | 'whole' | 'unfinished';
  /** Of what was delivered; null = nothing was. */
  readonly sha256: string | null;
};

type Page = { items: Result[]; nextCursor: string | null };

export interface ResultStore {
  /** Companions, files of one node and job that differ in nothing but their ending, get the same number, in whatever order and by whichever attempt they come. */
  reserve(file: {
    id: string;
    userId: string;
    jobId: string;
    /** Null = no attempt of ours brought it. */
    attemptId: string | null;
    nodeId: string;
    /** Below the save node's folder. */
    name: string;
    folder: string;
    stem: string;
    ending: string;
    preview: boolean;
  }): Promise<Reservation>;
  /** Another name, because a file that is not known here has that one: the next of these from this counter on that no result has. */
  renumber(
    id: string,
    named: { folder: string; stem: string; ending: string },
    from: number,
  ): Promise<{ path: string; counter: number }>;
  /**
   * The file is delivered: result and event in one transaction, published afterwards. Not again when it is known, unless it was unfinished and is whole
   * now; and not for a cancelled job.
   */
  record(result: {
    id: string;
    attemptId: string | null;
    facts: FileFacts;
    bytes: number;
    sha256: string;
    unfinished: boolean;
    now: number;
  }): Promise<'recorded' | 'known' | 'cancelled'>;
  /** Also one that was moved to the trash. */
  find(resultId: string): Promise<Result | null>;
  /** `path` is below `<outputs>`. */
  byPath(path: string): Promise<Result | null>;
  /** How long a GPU worked on the attempt that gave it; null when its beginning or its end was not seen. */
  gpuMs(resultId: string): Promise<number | null>;
  /** Of these, those that are the user's and home, in the order given. */
  owned(userId: string, ids: readonly string[]): Promise<Result[]>;
  /** Previews too, but not what was moved to the trash. */
  ofJobs(jobIds: readonly string[]): Promise<Result[]>;
  /** Newest first. */
  list(query: { userId: string; filter: ResultFilter; limit: number; cursor: string | null }): Promise<Page>;
  count(query: { userId: string; filter: ResultFilter }): Promise<number>;
  size(query: { userId: string; filter: ResultFilter }): Promise<{ files: number; bytes: number }>;
  /** What somebody may have meant who typed these words, of which their results have none: words that find something. Null = nothing like it. */
  spelling(query: { userId: string; words: string }): Promise<string | null>;
  /** What the user's results can be narrowed down to, most frequent first. */
  choices(
    userId: string,
  ): Promise<{ titles: ResultChoice[]; models: ResultChoice[]; loras: ResultChoice[]; kinds: ResultChoice[] }>;

  /** Of these ids, marks those that are the user's; gives how many. Announced to the user. */
  mark(userId: string, ids: readonly string[], marks: ResultMarks): Promise<number>;
  /** Gives a result of the user's a name, or the one back that it came with (null); `false` when it is not theirs. Announced to the user. */
  rename(userId: string, resultId: string, name: string | null): Promise<boolean>;
  /** Moves to the trash (`now`) or restores (null). Announced to the user; what is moved to the trash is off the wall as well. */
  trash(userId: string, ids: readonly string[], now: number | null): Promise<number>;
  /** Shows to the class (`now`) or takes back (null). Announced to everybody. Previews are not shown. */
  hang(userId: string, ids: readonly string[], now: number | null): Promise<number>;
  /** Everybody's results on the class wall, newest on it first. */
  wall(query: {
    limit: number;
    cursor: string | null;
  }): Promise<{ items: (Result & { owner: string })[]; nextCursor: string | null }>;
  /** Those moved to the trash before then, to be deleted for good. */
  removedBefore(time: number, limit: number): Promise<Result[]>;
  /** From now on it cannot be restored, and nobody finds it any more. `false` when it was restored meanwhile. */
  giveUp(resultId: string, removedBefore: number): Promise<boolean>;
  forget(resultId: string): Promise<void>;
  /** A preview becomes a result: it takes the name of this reservation, and is deleted no more. Published to the user. */
  keep(resultId: string, reservationId: string): Promise<'kept' | 'known' | 'gone'>;
  /** Previews delivered before then are moved to the trash, as of long ago, so that they may be deleted for good. */
  expirePreviews(before: number): Promise<void>;
  /** All of the user's are moved to the trash, as of long ago, so that they may be deleted for good; gives how many there are. */
  purge(userId: string): Promise<number>;
  /** All that is imported and not moved to the trash, as far as it matters for cleaning up. Without previews. */
  weighed(): Promise<Weighed[]>;
  /** Restores all that was moved to the trash at just this time; gives how many. Announced to their owners. */
  restore(at: number): Promise<number>;
  /** By user: all that is imported and not moved to the trash. Without previews. */
  sizes(): Promise<Map<string, { files: number; bytes: number }>>;
}
