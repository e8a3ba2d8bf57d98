import { AppError } from '#src/domain/errors.ts';
import { ownName } from '#src/domain/files/preview-names.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { splitName } from '#src/domain/workflow/attribution.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { Result, ResultStore } from '#src/ports/results.ts';
import type { UserStore } from '#src/ports/users.ts';
import { underFreeName } from './free-name.ts';

type Deps = {
  results: ResultStore;
  users: Pick<UserStore, 'find'>;
  gallery: Pick<Gallery, 'duplicate' | 'discard' | 'isFree'>;
  auditLog: AuditLog;
  clock: Clock;
  random: Random;
};

/**
 * Makes a preview of the actor's own a result. The new name is reserved first, then the file is copied, then the result takes that name: broken off
 * anywhere, nothing is lost, and doing it again goes on.
 */
export async function keepPreview(deps: Deps, actor: Actor, resultId: string): Promise<Result> {
  const own = async (): Promise<Result> => {
    const found = await deps.results.find(resultId);
    if (!found || found.userId !== actor.userId) throw new AppError('not_found', 'Result not found.');
    return found;
  };
  const [preview, owner] = [await own(), await deps.users.find(actor.userId)];
  if (!preview.preview || !owner) return preview;
  const named = {
    userId: actor.userId,
    folder: owner.folder,
    ...splitName(ownName(preview.path.slice(owner.folder.length + 1))),
  };
  const reserved = await deps.results.reserve({
    ...named,
    id: deps.random.id(),
    jobId: preview.jobId,
    attemptId: null,
    nodeId: preview.nodeId,
    // No worker's file has such a name.
    name: `/kept/${resultId}`,
    preview: false,
  });
  const { path } = await underFreeName(deps, reserved, named, (place) => deps.gallery.duplicate(preview.path, place));
  const outcome = await deps.results.keep(resultId, reserved.id);
  if (outcome === 'kept') {
    await deps.gallery.discard(preview.path);
    return own();
  }
  // It was deleted meanwhile, or kept from another tab, which may have been given the same name.
  const now = outcome === 'known' ? await own() : null;
  if (now?.path !== path) {
    await deps.gallery.discard(path);
    await deps.results.forget(reserved.id);
  }
  if (!now) throw new AppError('not_found', 'This preview has been deleted.');
  return now;
}
