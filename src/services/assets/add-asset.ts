import type { Actor } from '#src/domain/users/user.ts';
import type { Input } from '#src/ports/inputs.ts';
import { type AddInputDeps, addKept } from '../inputs/add-input.ts';

type Upload = {
  /** For messages, until its name is known. */
  readonly name: string;
  readonly arriving: AsyncIterable<Uint8Array>;
  /** Its name, once all of it is here. Throws when this is not the content that its sender expects; then nothing is stored. */
  settle(blake3: string): Promise<string>;
};

/** Stores a file that is arriving as one of the caller's uploads. `isNew`: they did not have its content before; what others have is not told. */
export async function addAsset(
  deps: AddInputDeps,
  actor: Actor,
  { name, arriving, settle }: Upload,
): Promise<{ input: Input; isNew: boolean }> {
  let isNew = true;
  const input = await addKept(deps, actor, false, async (limit) => {
    const kept = await deps.inputShare.keep(arriving, { name, limit });
    return {
      kept,
      async named() {
        const settled = await settle(kept.blake3);
        isNew = (await deps.inputs.find(actor.userId, [kept.file])).length === 0;
        return { name: settled };
      },
    };
  });
  return { input, isNew };
}
