import type { Settings } from '#src/domain/settings.ts';

const MINUTE_MS = 60_000;

type Amount = {
  readonly key: 'inFlightCap' | 'waitingCap' | 'maxAttempts' | 'startBudgetMs' | 'jobTimeoutMs';
  readonly label: string;
  readonly hint: string;
  readonly least: number;
  readonly most: number;
  /** How much of what is stored one of what is typed is. */
  readonly unit: number;
};

export const AMOUNTS: readonly Amount[] = [
  { key: 'inFlightCap', label: 'Jobs on GPUs per person', hint: 'At the same time.', least: 1, most: 100, unit: 1 },
  {
    key: 'waitingCap',
    label: 'Jobs in line per person',
    hint: 'More are turned away.',
    least: 1,
    most: 10_000,
    unit: 1,
  },
  {
    key: 'maxAttempts',
    label: 'Tries',
    hint: 'How often a job is sent when GPUs go away.',
    least: 1,
    most: 10,
    unit: 1,
  },
  {
    key: 'startBudgetMs',
    label: 'Start budget, minutes',
    hint: 'So long a GPU may show no sign of life.',
    least: 0.5,
    most: 240,
    unit: MINUTE_MS,
  },
  {
    key: 'jobTimeoutMs',
    label: 'Job timeout, minutes',
    hint: 'So long a job may be on a GPU. Time in line does not count.',
    least: 0.5,
    most: 1440,
    unit: MINUTE_MS,
  },
];

export const SWITCHES = [
  { key: 'spotFirst', label: 'Spot GPUs first', hint: 'On-demand ones only when no spot one is free.' },
  { key: 'probe', label: 'Ask workers what became of a job', hint: 'Only while it shows no sign of life.' },
] as const;

type Limits = Pick<Settings, Amount['key'] | (typeof SWITCHES)[number]['key']>;

export const shownAmount = ({ key, unit }: Amount, settings: Limits): number =>
  Math.round((settings[key] / unit) * 100) / 100;

/** What is different in the form from what is stored. The form itself sees to it that amounts are numbers within their bounds. */
export function changedLimits(form: FormData, settings: Limits): Partial<Limits> {
  const changed: Partial<Limits> = {};
  for (const amount of AMOUNTS) {
    const typed = Number(form.get(amount.key));
    if (typed !== shownAmount(amount, settings)) changed[amount.key] = Math.round(typed * amount.unit);
  }
  for (const { key } of SWITCHES) {
    const on = form.get(key) !== null;
    if (on !== settings[key]) changed[key] = on;
  }
  return changed;
}
