import { previewStem } from '#src/domain/files/preview-names.ts';
import type { NodeText } from '#src/domain/jobs/run-report.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Watched } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';

/** Keeps what a node showed as text as a preview. Done again, it is the same one. */
export async function deliverText(
  deps: { results: ResultStore; gallery: Pick<Gallery, 'putText' | 'discard'>; clock: Clock; random: Random },
  { job, attempt, ownerFolder }: Watched,
  { nodeId, text }: NodeText,
): Promise<void> {
  const reserved = await deps.results.reserve({
    id: deps.random.id(),
    userId: job.userId,
    jobId: job.id,
    attemptId: attempt.id,
    nodeId,
    name: 'text.txt',
    folder: ownerFolder,
    stem: previewStem('text'),
    ending: '_.txt',
    preview: true,
  });
  if (reserved.delivered) return;
  const stored = await deps.gallery.putText(reserved.path, text);
  const recorded = await deps.results.record({
    id: reserved.id,
    attemptId: attempt.id,
    ...stored,
    unfinished: false,
    now: deps.clock.now(),
  });
  if (recorded === 'cancelled') await deps.gallery.discard(reserved.path);
}
