import { AppError } from '../errors.ts';
import { fileSize } from '../measures.ts';

/** What one person may set in their ComfyUI. */
export const OWN_SETTINGS = { keyLength: 300, settings: 2000, characters: 2_000_000 } as const;

/** Values are JSON. Null where a person may have all of these. */
export function tooManySettings(all: ReadonlyMap<string, string>): AppError | null {
  const tooLong = [...all.keys()].find((key) => key.length > OWN_SETTINGS.keyLength);
  if (tooLong !== undefined)
    return new AppError(
      'too_large',
      `The name of a setting has ${tooLong.length} characters; at most ${OWN_SETTINGS.keyLength} are allowed.`,
    );
  if (all.size > OWN_SETTINGS.settings)
    return new AppError('too_large', `Your ComfyUI keeps ${OWN_SETTINGS.settings} settings, the limit.`);
  const characters = [...all].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return characters > OWN_SETTINGS.characters
    ? new AppError(
        'too_large',
        `The settings of your ComfyUI would take ${fileSize(characters)}; at most ${fileSize(OWN_SETTINGS.characters)} are kept.`,
      )
    : null;
}
