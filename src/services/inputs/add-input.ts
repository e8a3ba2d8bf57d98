import { AppError } from '#src/domain/errors.ts';
import { inputName, tooMuchUploaded } from '#src/domain/files/inputs.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Input, InputShare, InputStore, KeptFile } from '#src/ports/inputs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';

export type AddInputDeps = {
  inputs: InputStore;
  inputShare: InputShare;
  settings: SettingStore;
  clock: Clock;
  random: Random;
};

type Upload = {
  readonly name: string;
  readonly arriving: AsyncIterable<Uint8Array>;
  /** An upload of the caller's whose place and name it takes. */
  readonly replaces?: string | undefined;
};

/** Stores a file that is arriving, and gives it a name that the user's workflows can use. */
export function addInput(deps: AddInputDeps, actor: Actor, { name, arriving, replaces }: Upload): Promise<Input> {
  return addKept(deps, actor, name, replaces, (limit) => deps.inputShare.keep(arriving, { name, limit }));
}

/** Makes a file that `keep` puts on the share one of the user's. */
export async function addKept(
  deps: AddInputDeps,
  actor: Actor,
  givenName: string,
  replaces: string | undefined,
  keep: (limit: number) => Promise<KeptFile>,
): Promise<Input> {
  const { inputLimitBytes, inputBytesPerParticipant } = await deps.settings.read();
  const had = await deps.inputs.total(actor.userId);
  if (had.bytes >= inputBytesPerParticipant && replaces === undefined)
    throw tooMuchUploaded(had, inputBytesPerParticipant);
  const { extension, ...kept } = await keep(inputLimitBytes);
  const name = inputName(givenName, extension);
  const now = deps.clock.now();
  const given = { id: deps.random.id(), userId: actor.userId, name, ...kept, createdAt: now, usesKnown: true };
  const storing =
    replaces === undefined
      ? deps.inputs.add(given, inputBytesPerParticipant)
      : deps.inputs.replace(replaces, given, inputBytesPerParticipant);
  const input = await storing.catch(async (error: unknown) => {
    await deps.inputShare.discard(kept.file, () => deps.inputs.isUnused(kept.file));
    throw error;
  });
  // Whoever deletes what nobody has may have looked just before it was somebody's.
  if (await deps.inputShare.has(input.file)) return input;
  await deps.inputs.remove(actor.userId, [input.id], deps.clock.now());
  throw new AppError('share_unavailable', 'The file was not saved. Send it again.');
}
