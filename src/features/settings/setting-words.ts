import { AMOUNTS, BANNER_DETAIL, CLASS_TITLE, CURRENCY, EXTRA_DATA, FAIRNESS, SWITCHES } from './setting-fields.ts';
import { toUnits } from './units.ts';

/** Set on the storage page. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  keepDays: 'Clean up after days',
  keepBytesPerParticipant: 'Clean up beyond bytes per person',
  cleanUpDaily: 'Clean up daily',
};

/** "Job timeout: 45 min". */
export function settingWords(key: string, value: unknown): string {
  const amount = AMOUNTS.find((each) => each.key === key);
  if (amount && typeof value === 'number')
    return `${amount.label}: ${[toUnits(value, amount.unit), amount.unitWord].join(' ').trim()}`;
  const choice = [FAIRNESS, BANNER_DETAIL].find((each) => each.key === key);
  if (choice)
    return `${choice.label}: ${choice.options.find((option) => option.value === value)?.name ?? String(value)}`;
  if (Array.isArray(value)) return `${EXTRA_DATA.label}: ${value.join(', ') || 'none'}`;
  if (key === 'classTitle') return `${CLASS_TITLE.label}: ${value || 'none'}`;
  const named = SWITCHES.find((each) => each.key === key) ?? (key === 'currency' ? CURRENCY : undefined);
  const said = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value ?? 'never');
  return `${named?.label ?? ELSEWHERE[key] ?? key}: ${said}`;
}
