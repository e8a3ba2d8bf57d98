import { previewStem } from '#src/domain/files/preview-names.ts';
import { splitName } from '#src/domain/workflow/attribution.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Watched } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { FoundFile } from '#src/ports/share.ts';
import { underFreeName } from './free-name.ts';

/**
 * Copies one file and records it. The name is reserved first and belongs to this file for ever, so a crash between any two steps ends, when it is done
 * again, in exactly one file and one result. An unfinished file (its run is over, its format never said that it was whole) is replaced when it comes whole.
 * `beforeRecord` is asked when only the record is missing: what is stored at the same moment shares its transaction. It gives the time of the record.
 */
export async function deliverFile(
  deps: { results: ResultStore; gallery: Gallery; auditLog: AuditLog; bus: Bus; clock: Clock; random: Random },
  { job, attempt, ownerFolder }: Watched,
  file: FoundFile,
  owner: { nodeId: string; name: string; isPreview: boolean; unfinished: boolean },
  beforeRecord: (resultId: string) => Promise<number> = async () => deps.clock.now(),
): Promise<void> {
  const { stem, ending } = splitName(owner.name);
  const named = {
    userId: job.userId,
    folder: ownerFolder,
    stem: owner.isPreview ? previewStem(stem) : stem,
    ending,
  };
  const reserved = await deps.results.reserve({
    ...named,
    id: deps.random.id(),
    jobId: job.id,
    attemptId: attempt.id,
    nodeId: owner.nodeId,
    name: owner.name,
    preview: owner.isPreview,
  });
  const { unfinished } = owner;
  if (reserved.delivered === 'whole' || (reserved.delivered === 'unfinished' && unfinished)) return;
  const source = { folder: attempt.plan.folder, ...file };
  const {
    path,
    stored: { facts, bytes, sha256 },
  } = await underFreeName(deps, reserved, named, (place) =>
    deps.gallery.importFile(source, { path: place, replaces: reserved.sha256 }, job.id, unfinished),
  );
  if (reserved.delivered === 'unfinished') await deps.gallery.discardDerived(reserved.id);
  const now = await beforeRecord(reserved.id);
  const recorded = await deps.results.record({
    id: reserved.id,
    attemptId: attempt.id,
    facts,
    bytes,
    sha256,
    unfinished,
    now,
  });
  if (recorded === 'recorded')
    deps.bus.announce({ type: 'file.delivered', bytes, ageMs: Math.max(0, now - file.mtimeMs) });
  if (recorded === 'cancelled') await deps.gallery.discard(path);
}
