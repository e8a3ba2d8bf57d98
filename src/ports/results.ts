import type { FileFacts } from '#src/domain/result.ts';

export type Result = FileFacts & {
  readonly id: string;
  readonly userId: string;
  readonly jobId: string;
  readonly nodeId: string;
  /** Below `<outputs>`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly deliveredAt: number;
};

/** A name reserved for a file that is on its way. The same file of a job always gets the same one, whichever attempt brings it. */
export type Reservation = { readonly id: string; readonly path: string; readonly delivered: boolean };

export interface ResultStore {
  reserve(file: {
    id: string;
    userId: string;
    jobId: string;
    attemptId: string;
    nodeId: string;
    /** Below the save node's folder. */
    name: string;
    folder: string;
    stem: string;
    extension: string;
  }): Promise<Reservation>;
  /** The file is home: result and event in one transaction, announced afterwards. Not again when it is known, and not for a cancelled job. */
  record(result: {
    id: string;
    attemptId: string;
    facts: FileFacts;
    bytes: number;
    sha256: string;
    now: number;
  }): Promise<'recorded' | 'known' | 'cancelled'>;
  find(resultId: string): Promise<Result | null>;
  ofJobs(jobIds: readonly string[]): Promise<Result[]>;
  list(query: {
    userId: string;
    limit: number;
    cursor: string | null;
  }): Promise<{ items: Result[]; nextCursor: string | null }>;
}
