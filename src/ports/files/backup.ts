import type { BackedUpFile, Manifest } from '#src/domain/files/backup.ts';

export type Backup = {
  readonly name: string;
  readonly madeAt: number;
  readonly files: number;
  /** Of its files; backups share what they have in common. */
  readonly bytes: number;
  readonly missing: number;
};

/** Makes them when they are due, and when asked to. */
export interface Backups {
  /** Newest first; null where no folder for them is set. */
  list(): Promise<Backup[] | null>;
  make(): Promise<Backup>;
}

/** What the database gives to a backup. */
export interface Snapshots {
  /** Writes a copy of the database, as it is at one moment, to a new file. */
  write(file: string): Promise<void>;
  /** Every file that the database names. */
  files(): Promise<BackedUpFile[]>;
}

/** A folder of backups. */
export interface BackupStore {
  /** Newest first. */
  list(): Promise<Backup[]>;
  /** All or nothing: a backup that is listed is complete. */
  make(backup: Pick<Manifest, 'version'> & { now: number }, snapshots: Snapshots): Promise<Backup>;
  /** Removes a backup, and the files that no other one holds. */
  remove(names: readonly string[]): Promise<void>;
}
