import type { Settings } from '#src/domain/settings/settings.ts';

export type CleanUpRules = Pick<Settings, 'keepDays' | 'keepBytesPerParticipant' | 'cleanUpDaily'>;

const GB = 1_000_000_000;

export const gigabytes = (bytes: number): number => Math.round((bytes / GB) * 1000) / 1000;

/** The rules in the form; an empty field is no rule. */
export function rulesOf(form: FormData): CleanUpRules {
  const amount = (key: string): number | null => {
    const text = String(form.get(key) ?? '').trim();
    return text === '' ? null : Number(text);
  };
  const most = amount('most');
  return {
    keepDays: amount('days'),
    keepBytesPerParticipant: most === null ? null : Math.round(most * GB),
    cleanUpDaily: form.get('daily') !== null,
  };
}
