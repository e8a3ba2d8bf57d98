import type { Field } from '#src/domain/fields/fields-of.ts';
import { fieldKey, isLimitable } from '#src/domain/fields/limits.ts';
import type { Preset } from '#src/domain/fields/preset.ts';

/** Of one field, as it stands in the form. */
export type TypedLimits = { readonly least: string; readonly most: string; readonly choices: string };
export const NO_LIMITS: TypedLimits = { least: '', most: '', choices: '' };

/** What a teacher may set: numbers within limits, or a text out of a list. */
export const canHaveChoices = ({ kind, value }: Field): boolean =>
  typeof value === 'string' && (kind === 'model' || kind === 'other');

export const typedLimits = (preset: Preset | null): ReadonlyMap<string, TypedLimits> =>
  new Map(
    preset?.fields.map((field) => [
      fieldKey(field),
      {
        least: field.least === undefined ? '' : String(field.least),
        most: field.most === undefined ? '' : String(field.most),
        choices: (field.choices ?? []).join('\n'),
      },
    ]),
  );

/** Undefined = nothing is typed; null = it is no number. */
function numberOf(text: string): number | undefined | null {
  if (text.trim() === '') return undefined;
  const number = Number(text.trim().replace(',', '.'));
  return Number.isFinite(number) ? number : null;
}

/** Why these limits cannot be kept; null = they can. */
export function limitsFault(typed: TypedLimits): string | null {
  const [least, most] = [numberOf(typed.least), numberOf(typed.most)];
  if (least === null || most === null) return 'A number, or nothing.';
  return least !== undefined && most !== undefined && least > most ? 'The first is larger than the second.' : null;
}

/** The fields that are shown, in the order in which people look for them, within what is typed for each. */
export function toPreset(
  fields: readonly Field[],
  shown: ReadonlySet<string>,
  typed: ReadonlyMap<string, TypedLimits>,
  others: boolean,
): Preset {
  return {
    others,
    fields: fields
      .filter((field) => shown.has(fieldKey(field)))
      .map((field) => {
        const { least, most, choices } = typed.get(fieldKey(field)) ?? NO_LIMITS;
        const limits = isLimitable(field)
          ? { least: numberOf(least) ?? undefined, most: numberOf(most) ?? undefined }
          : {};
        const list = canHaveChoices(field)
          ? [...new Set(choices.split('\n').map((line) => line.trim()))].filter((line) => line !== '')
          : [];
        return {
          nodeId: field.nodeId,
          input: field.input,
          ...limits,
          ...(list.length > 0 && { choices: list }),
        };
      }),
  };
}
