import { splitName } from '#src/domain/attribution.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Watched } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { FoundFile } from '#src/ports/share.ts';

/**
 * Brings one whole file home and records it. The name is reserved first and belongs to this file for ever, so a crash between any two steps ends, when
 * it is done again, in exactly one file and one result.
 */
export async function deliverFile(
  deps: { results: ResultStore; gallery: Gallery; bus: Bus; clock: Clock; random: Random },
  { job, attempt, ownerFolder }: Watched,
  file: FoundFile,
  owner: { nodeId: string; name: string; unfinished?: boolean },
): Promise<void> {
  const reserved = await deps.results.reserve({
    id: deps.random.id(),
    userId: job.userId,
    jobId: job.id,
    attemptId: attempt.id,
    nodeId: owner.nodeId,
    name: owner.name,
    folder: ownerFolder,
    ...splitName(owner.name),
  });
  if (reserved.delivered) return;
  const { facts, bytes, sha256 } = await deps.gallery.bringHome(
    { folder: attempt.plan.folder, ...file },
    reserved.path,
    job.id,
    owner.unfinished,
  );
  const now = deps.clock.now();
  const recorded = await deps.results.record({ id: reserved.id, attemptId: attempt.id, facts, bytes, sha256, now });
  if (recorded === 'recorded')
    deps.bus.announce({ type: 'file.delivered', bytes, ageMs: Math.max(0, now - file.mtimeMs) });
  if (recorded === 'cancelled') await deps.gallery.discard(reserved.path);
}
