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

/** `replaces`: an upload of the caller's whose place and name it takes. `id`: under which it may have been added before. */
export type Named = {
  readonly name: string;
  readonly replaces?: string | undefined;
  readonly id?: string | undefined;
};

type Upload = Named & { readonly arriving: AsyncIterable<Uint8Array> };

/** Stores a file that is arriving, and gives it a name that the user's workflows can use. */
export function addInput(deps: AddInputDeps, actor: Actor, { name, arriving, replaces }: Upload): Promise<Input> {
  return addKept(deps, actor, replaces !== undefined, async (limit) => ({
    kept: await deps.inputShare.keep(arriving, { name, limit }),
    named: async () => ({ name, replaces }),
  }));
}

/** Makes a file that `keep` puts on the share one of the user's. `named` may be known later than the file; `mayAddNothing`: it may take the place of another, or be there already. */
export async function addKept(
  deps: AddInputDeps,
  actor: Actor,
  mayAddNothing: boolean,
  keep: (limit: number) => Promise<{ kept: KeptFile; named: (extension: string) => Promise<Named> }>,
): Promise<Input> {
  const { inputLimitBytes, inputBytesPerParticipant } = await deps.settings.read();
  const had = await deps.inputs.total(actor.userId);
  if (had.bytes >= inputBytesPerParticipant && !mayAddNothing) throw tooMuchUploaded(had, inputBytesPerParticipant);
  const { kept, named } = await keep(inputLimitBytes);
  const { extension, ...file } = kept;
  const input = await store().catch(async (error: unknown) => {
    await deps.inputShare.discard(kept.file, () => deps.inputs.isUnused(kept.file));
    throw error;
  });

  async function store(): Promise<Input> {
    const { name, replaces, id } = await named(extension);
    const given = {
      id: id ?? deps.random.id(),
      userId: actor.userId,
      name: inputName(name, extension),
      ...file,
      createdAt: deps.clock.now(),
      usesKnown: true,
    };
    return replaces === undefined
      ? deps.inputs.add(given, inputBytesPerParticipant)
      : deps.inputs.replace(replaces, given, inputBytesPerParticipant);
  }
  // Whoever deletes what nobody has may have looked just before it was somebody's.
  if (await deps.inputShare.has(input.file)) return input;
  await deps.inputs.remove(actor.userId, [input.id], deps.clock.now());
  throw new AppError('share_unavailable', 'The file was not saved. Send it again.');
}
