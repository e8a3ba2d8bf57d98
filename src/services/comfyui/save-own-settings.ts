import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { isRecord } from '#src/domain/workflow/graph.ts';
import { toGraphJson } from '#src/domain/workflow/graph-json.ts';
import type { OwnSettingStore } from '#src/ports/comfyui/own-data.ts';

/** Keeps what the caller has set in their ComfyUI; what is not named stays. */
export async function saveOwnSettings(
  deps: { ownSettings: OwnSettingStore },
  { userId }: Actor,
  values: unknown,
): Promise<void> {
  if (!isRecord(values))
    throw new AppError('invalid_input', 'Settings are a JSON object: the name of each, and its value.');
  const texts = Object.entries(values).map(([key, value]): [string, string] => [key, toGraphJson(value)]);
  await deps.ownSettings.merge(userId, new Map(texts));
}
