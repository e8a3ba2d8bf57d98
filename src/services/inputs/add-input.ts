import { inputName } from '#src/domain/inputs.ts';
import type { Actor } from '#src/domain/user.ts';
import type { Input, InputShare, InputStore } from '#src/ports/inputs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';

type Deps = { inputs: InputStore; inputShare: InputShare; settings: SettingStore; clock: Clock; random: Random };

/** Stores a file that is arriving, and gives it a name that the user's workflows can use. */
export async function addInput(
  deps: Deps,
  actor: Actor,
  upload: { name: string; arriving: AsyncIterable<Uint8Array> },
): Promise<Input> {
  const { inputLimitBytes } = await deps.settings.read();
  const { extension, ...kept } = await deps.inputShare.keep(upload.arriving, {
    name: upload.name,
    limit: inputLimitBytes,
  });
  const name = inputName(upload.name, extension);
  return deps.inputs.add({ id: deps.random.id(), userId: actor.userId, name, ...kept, createdAt: deps.clock.now() });
}
