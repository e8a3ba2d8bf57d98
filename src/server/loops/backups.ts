import { backupIsDue } from '#src/domain/files/backup.ts';
import type { Backup, Backups } from '#src/ports/files/backup.ts';
import type { Log } from '#src/ports/log.ts';
import { type BackupDeps, makeBackup } from '#src/services/backup/make-backup.ts';
import { createLoop } from './loop.ts';

const LOOK_MS = 5 * 60_000;

/** Makes a backup whenever one is due, and when asked to; never two at once. */
export function createBackups(
  deps: BackupDeps & { log: Log },
  { everyMs, keep }: { everyMs: number; keep: number },
): Backups & { start(): void; stop(): Promise<void> } {
  const { backupStore: archives, log } = deps;
  let making: Promise<Backup> | null = null;

  function make(): Promise<Backup> {
    making ??= makeBackup(deps, keep)
      .then((backup) => {
        log.info({ backup }, 'backup made');
        return backup;
      })
      .finally(() => {
        making = null;
      });
    return making;
  }

  const loop = createLoop(
    'backups',
    LOOK_MS,
    async () => {
      if (!archives) return;
      const [newest] = await archives.list();
      if (backupIsDue(newest?.madeAt ?? null, everyMs, deps.clock.now())) await make();
    },
    log,
  );
  return {
    make,
    list: async () => archives?.list() ?? null,
    start: loop.start,
    async stop() {
      await loop.stop();
      await making?.catch(() => undefined);
    },
  };
}
