import type { Actor } from '#src/domain/users/user.ts';
import type { Input } from '#src/ports/inputs.ts';
import { type AddInputDeps, addKept } from '../inputs/add-input.ts';

type Upload = {
  /** For messages, until its name is known. */
  readonly name: string;
  readonly arriving: AsyncIterable<Uint8Array>;
  /** It may have been added before under the id that `settle` gives. */
  readonly mayBeThere: boolean;
  /** Its name and, where it has one already, its id, once all of it is here. Throws when this is not the content that its sender expects; then nothing is stored. */
  settle(blake3: string): Promise<{ readonly name: string; readonly id?: string }>;
};

/** Stores a file that is arriving as one of the caller's uploads. `isNew`: they did not have its content before; what others have is not told. */
export async function addAsset(
  deps: AddInputDeps,
  actor: Actor,
  { name, arriving, mayBeThere, settle }: Upload,
): Promise<{ input: Input; isNew: boolean }> {
  let ownId: string | undefined;
  let before: readonly Input[] = [];
  const input = await addKept(deps, actor, mayBeThere, async (limit) => {
    const kept = await deps.inputShare.keep(arriving, { name, limit });
    return {
      kept,
      async named() {
        const settled = await settle(kept.blake3);
        ownId = settled.id;
        before = await deps.inputs.find(actor.userId, [kept.file]);
        return settled;
      },
    };
  });
  // What was added before was new then, unless there are older ones.
  const isOwn = input.id === ownId;
  const isNew = before.every(({ id, createdAt }) => isOwn && (id === input.id || createdAt > input.createdAt));
  return { input, isNew };
}
