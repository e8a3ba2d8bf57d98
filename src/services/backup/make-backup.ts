import { AppError } from '#src/domain/errors.ts';
import { tooMany } from '#src/domain/files/backup.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Backup, BackupStore, Snapshots } from '#src/ports/files/backup.ts';
import type { Clock } from '#src/ports/random.ts';

export type BackupDeps = {
  /** Null: no folder for backups is set. */
  backupStore: BackupStore | null;
  snapshots: Snapshots;
  auditLog: AuditLog;
  clock: Clock;
  about: { version: string };
};

/** Copies the database and every file that it names to the folder of backups, and removes the oldest beyond `keep`. */
export async function makeBackup(deps: BackupDeps, keep: number): Promise<Backup> {
  const { backupStore: archives, clock, auditLog } = deps;
  if (!archives)
    throw new AppError('conflict', 'No backup folder is set. Set BACKUP_DIR to a folder on another disk and restart.');
  const backup = await archives.make({ now: clock.now(), version: deps.about.version }, deps.snapshots);
  const gone = tooMany(
    (await archives.list()).map(({ name }) => name),
    keep,
  );
  if (gone.length > 0) await archives.remove(gone);
  const { name, files, bytes, missing } = backup;
  await auditLog.write({
    at: clock.now(),
    actor: null,
    type: 'backup.made',
    subjectId: name,
    detail: { files, bytes, missing, removed: gone.length },
  });
  return backup;
}
