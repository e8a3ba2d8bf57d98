import { AppError } from '#src/domain/errors.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { ShrinkPicture } from '#src/ports/gallery.ts';
import type { Random } from '#src/ports/random.ts';

type Deps = { workflows: Pick<WorkflowStore, 'setPicture'>; shrinkPicture: ShrinkPicture; random: Random };

/** Whatever was given, a small WebP is kept: it is served to the whole class. */
export async function setPicture(deps: Deps, workflowId: string, given: Uint8Array | null): Promise<void> {
  const bytes =
    given &&
    (await deps.shrinkPicture(given).catch((error: unknown) => {
      throw new AppError('invalid_input', 'This file could not be read as a picture. Choose another one.', {
        cause: error,
      });
    }));
  const picture = bytes && { version: deps.random.id(), bytes };
  if (!(await deps.workflows.setPicture(workflowId, picture))) throw new AppError('not_found', 'Workflow not found.');
}
