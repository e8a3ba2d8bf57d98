import { inputName } from '#src/domain/files/inputs.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Input } from '#src/ports/inputs.ts';
import { type AddInputDeps, addKept } from '../inputs/add-input.ts';

export type ComfyUpload = {
  readonly name: string;
  readonly arriving: AsyncIterable<Uint8Array>;
  /** Comes with the form, which may say it after the file. */
  asked(): Promise<{ readonly subfolder: string; readonly overwrite: boolean }>;
};

/** Makes a file that a person's ComfyUI sends one of their uploads: `subfolder/name`, or `subfolder/name (1)` when another has that name. */
export function addUpload(deps: AddInputDeps, actor: Actor, { name, arriving, asked }: ComfyUpload): Promise<Input> {
  return addKept(deps, actor, true, async (limit) => ({
    kept: await deps.inputShare.keep(arriving, { name, limit }),
    async named(extension) {
      const { subfolder, overwrite } = await asked();
      const path = subfolder === '' ? name : `${subfolder}/${name}`;
      const stored = inputName(path, extension);
      const before = overwrite ? await deps.inputs.find(actor.userId, [stored]) : [];
      return { name: path, replaces: before.find((input) => input.name === stored)?.id };
    },
  }));
}
