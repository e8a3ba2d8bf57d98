import { splitName } from '#src/domain/attribution.ts';
import { previewStem } from '#src/domain/files/preview-names.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Watched } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { FoundFile } from '#src/ports/share.ts';

/**
 * Copies one file and records it. The name is reserved first and belongs to this file for ever, so a crash between any two steps ends, when it is done
 * again, in exactly one file and one result. An unfinished file (its run is over, its format never said that it was whole) is replaced when it comes whole.
 */
export async function deliverFile(
  deps: { results: ResultStore; gallery: Gallery; bus: Bus; clock: Clock; random: Random },
  { job, attempt, ownerFolder }: Watched,
  file: FoundFile,
  owner: { nodeId: string; name: string; isPreview: boolean; unfinished: boolean },
): Promise<void> {
  const { stem, ending } = splitName(owner.name);
  const reserved = await deps.results.reserve({
    id: deps.random.id(),
    userId: job.userId,
    jobId: job.id,
    attemptId: attempt.id,
    nodeId: owner.nodeId,
    name: owner.name,
    folder: ownerFolder,
    stem: owner.isPreview ? previewStem(stem) : stem,
    ending,
    preview: owner.isPreview,
  });
  const { unfinished } = owner;
  if (reserved.delivered === 'whole' || (reserved.delivered === 'unfinished' && unfinished)) return;
  const { facts, bytes, sha256 } = await deps.gallery.bringHome(
    { folder: attempt.plan.folder, ...file },
    reserved.path,
    job.id,
    unfinished,
  );
  const now = deps.clock.now();
  if (reserved.delivered === 'unfinished') await deps.gallery.discardDerived(reserved.id);
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
  if (recorded === 'cancelled') await deps.gallery.discard(reserved.path);
}
