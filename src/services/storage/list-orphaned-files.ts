import { isMarker } from '#src/domain/workflow/attribution.ts';
import type { AttemptReader } from '#src/ports/jobs.ts';
import type { IgnoredOrphans, Share } from '#src/ports/share.ts';

const MAX_FOLDERS = 200;

/** `path` is below `<sfs>/outputs`. */
export type OrphanedFile = { path: string; bytes: number; changedAt: number; ignored: boolean };

/** Files on the share that no attempt explains: folders of attempts that this database does not know. Looks only when it is asked to. */
export async function listOrphanedFiles(deps: {
  jobs: AttemptReader;
  share: Share;
  ignoredOrphans: IgnoredOrphans;
}): Promise<{ strays: OrphanedFile[]; more: boolean }> {
  const folders = await deps.share.folders();
  const known = await deps.jobs.knownAttempts(folders.map((folder) => folder.slice(folder.indexOf('/') + 1)));
  const unknown = folders.filter((folder) => !known.has(folder.slice(folder.indexOf('/') + 1)));
  const ignored = await deps.ignoredOrphans.list();
  const strays: OrphanedFile[] = [];
  for (const folder of unknown.slice(0, MAX_FOLDERS))
    for (const file of (await deps.share.list(folder)).files) {
      const path = `${folder}/${file.path}`;
      if (!isMarker(file.path))
        strays.push({ path, bytes: file.bytes, changedAt: file.mtimeMs, ignored: ignored.has(path) });
    }
  return { strays, more: unknown.length > MAX_FOLDERS };
}
