import { canHave } from '#src/domain/files/derived.ts';
import type { InputKind } from '#src/domain/files/input-kinds.ts';
import type { Input, InputUses } from '#src/ports/inputs.ts';

export type InputView = {
  id: string;
  name: string;
  kind: InputKind;
  mime: string;
  bytes: number;
  createdAt: string;
  url: string;
  thumbUrl: string | null;
  /** How many jobs name it; null = none of this version, and it is not known of jobs of earlier ones. */
  usedBy: number | null;
  /** How many of these have not ended. */
  usedByAlive: number;
};

export async function presentInputs(deps: { inputs: InputUses }, inputs: readonly Input[]): Promise<InputView[]> {
  const uses = await deps.inputs.uses(inputs.map(({ id }) => id));
  return inputs.map(({ id, name, kind, mime, bytes, createdAt, usesKnown }) => {
    const { jobs, alive } = uses.get(id) ?? { jobs: 0, alive: 0 };
    return {
      id,
      name,
      kind,
      mime,
      bytes,
      createdAt: new Date(createdAt).toISOString(),
      url: `/files/inputs/${id}`,
      thumbUrl: canHave('thumbnail', { kind, mime, duration: null }) ? `/files/inputs/${id}/thumb` : null,
      usedBy: usesKnown || jobs > 0 ? jobs : null,
      usedByAlive: alive,
    };
  });
}
