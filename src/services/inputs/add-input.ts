import { AppError } from '#src/domain/errors.ts';
import { inputName, tooMuchUploaded } from '#src/domain/files/inputs.ts';
import type { Actor } from '#src/domain/users/user.ts';
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
  const { inputLimitBytes, inputBytesPerParticipant } = await deps.settings.read();
  const had = await deps.inputs.total(actor.userId);
  if (had.bytes >= inputBytesPerParticipant) throw tooMuchUploaded(had, inputBytesPerParticipant);
  const { extension, ...kept } = await deps.inputShare.keep(upload.arriving, {
    name: upload.name,
    limit: inputLimitBytes,
  });
  const name = inputName(upload.name, extension);
  const given = { id: deps.random.id(), userId: actor.userId, name, ...kept, createdAt: deps.clock.now() };
  const isUnused = () => deps.inputs.isUnused(kept.file);
  const input = await deps.inputs.add(given, inputBytesPerParticipant).catch(async (error: unknown) => {
    await deps.inputShare.discard(kept.file, isUnused);
    throw error;
  });
  // Whoever deletes what nobody has may have looked just before it was somebody's.
  if (await deps.inputShare.has(input.file)) return input;
  await deps.inputs.remove(actor.userId, [input.id], deps.clock.now());
  throw new AppError('share_unavailable', 'The file was not saved. Send it again.');
}
