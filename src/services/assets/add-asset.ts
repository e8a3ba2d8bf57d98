import type { Actor } from '#src/domain/users/user.ts';
import type { Input } from '#src/ports/inputs.ts';
import { type AddInputDeps, addKept } from '../inputs/add-input.ts';

type Upload = {
  readonly name: string;
  readonly arriving: AsyncIterable<Uint8Array>;
  /** Throws when this BLAKE3 is not the one that the sender expects; then nothing is stored. */
  check(blake3: string | null): Promise<void>;
};

/** Stores a file that is arriving as one of the caller's uploads. `isNew`: they did not have its content before; what others have is not told. */
export async function addAsset(
  deps: AddInputDeps,
  actor: Actor,
  { name, arriving, check }: Upload,
): Promise<{ input: Input; isNew: boolean }> {
  let isNew = true;
  const input = await addKept(deps, actor, false, async (limit) => {
    const kept = await deps.inputShare.keep(arriving, { name, limit });
    return {
      kept,
      async named() {
        await check(kept.blake3);
        isNew = (await deps.inputs.find(actor.userId, [kept.file])).length === 0;
        return { name };
      },
    };
  });
  return { input, isNew };
}
