import { previewStem } from '#src/domain/files/preview-names.ts';
import type { NodeText } from '#src/domain/jobs/run-report.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Watched } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import { underFreeName } from './free-name.ts';

/** Keeps what a node showed as text as a preview. Done again, it is the same one. */
export async function deliverText(
  deps: {
    results: ResultStore;
    gallery: Pick<Gallery, 'putText' | 'discard' | 'isFree'>;
    auditLog: AuditLog;
    clock: Clock;
    random: Random;
  },
  { job, attempt, ownerFolder }: Watched,
  { nodeId, text }: NodeText,
): Promise<void> {
  const named = { userId: job.userId, folder: ownerFolder, stem: previewStem('text'), ending: '_.txt' };
  const reserved = await deps.results.reserve({
    ...named,
    id: deps.random.id(),
    jobId: job.id,
    attemptId: attempt.id,
    nodeId,
    name: 'text.txt',
    preview: true,
  });
  if (reserved.delivered) return;
  const { path, stored } = await underFreeName(deps, reserved, named, (place) => deps.gallery.putText(place, text));
  const recorded = await deps.results.record({
    id: reserved.id,
    attemptId: attempt.id,
    ...stored,
    unfinished: false,
    now: deps.clock.now(),
  });
  if (recorded === 'cancelled') await deps.gallery.discard(path);
}
