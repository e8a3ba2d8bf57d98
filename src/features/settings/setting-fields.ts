import type { BOUNDS, Settings } from '#src/domain/settings.ts';

const MINUTE_MS = 60_000;
const GB = 1000 ** 3;

type Named = { readonly label: string /** What it does, in one sentence. */; readonly hint: string };

export type Amount = Named & {
  readonly key: keyof typeof BOUNDS;
  readonly least: number;
  readonly most: number;
  /** How much of what is stored one of what is typed is. */
  readonly unit: number;
  readonly unitWord: string;
};
export type Switch = Named & { readonly key: 'spotFirst' | 'probe' | 'wallNames' };
export type Choice = Named & {
  readonly key: 'fairness' | 'bannerDetail';
  readonly options: readonly { readonly value: string; readonly name: string; readonly does: string }[];
};

export const FAIRNESS: Choice & { readonly key: 'fairness' } = {
  key: 'fairness',
  label: 'Order of turns',
  hint: 'In which order waiting jobs are sent.',
  options: [
    { value: 'fair', name: 'Fair', does: 'In rounds: nobody waits for more than one job of each other person.' },
    {
      value: 'first-come',
      name: 'First come',
      does: 'By arrival alone: nothing overtakes, not even what was moved to the front.',
    },
    { value: 'priority', name: 'Priority', does: 'What was moved to the front first, everything else by arrival.' },
  ],
};

export const BANNER_DETAIL: Choice & { readonly key: 'bannerDetail' } = {
  key: 'bannerDetail',
  label: 'What ComfyUI tabs tell',
  hint: 'How much the line in a ComfyUI tab says of a job.',
  options: [
    { value: 'participant', name: 'What a participant needs', does: 'Place in line, phase, times, and what to do.' },
    { value: 'operator', name: 'Everything', does: 'Endpoints, attempts and reasons as well: for finding faults.' },
  ],
};

export const AMOUNTS = [
  {
    key: 'inFlightCap',
    label: 'Jobs on GPUs per person',
    hint: 'More of hers wait in line, though GPUs are free.',
    least: 1,
    most: 100,
    unit: 1,
    unitWord: '',
  },
  {
    key: 'waitingCap',
    label: 'Jobs in line per person',
    hint: 'More are turned away with a sentence.',
    least: 1,
    most: 10_000,
    unit: 1,
    unitWord: '',
  },
  {
    key: 'jobsPerMinute',
    label: 'Jobs per person and minute',
    hint: 'More are turned away until the minute is over.',
    least: 1,
    most: 100_000,
    unit: 1,
    unitWord: '',
  },
  {
    key: 'databaseBytesPerParticipant',
    label: 'Workflows per person',
    hint: 'What the graphs of all jobs of one person may take in the database.',
    least: 0.001,
    most: 1000,
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'inputBytesPerParticipant',
    label: 'Inputs per person',
    hint: 'Beyond this some have to be deleted before more are uploaded.',
    least: 0.001,
    most: 10_000,
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'inputLimitBytes',
    label: 'Largest input',
    hint: 'Larger files are refused when they are uploaded.',
    least: 0.1,
    most: 64,
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'maxAttempts',
    label: 'Tries',
    hint: 'So often a job is sent when GPUs go away, before it fails.',
    least: 1,
    most: 10,
    unit: 1,
    unitWord: '',
  },
  {
    key: 'startBudgetFloorMs',
    label: 'Start budget, at least',
    hint: 'A GPU may be silent for four times what is usual there, and always for so long.',
    least: 0.1,
    most: 240,
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'startBudgetMs',
    label: 'Start budget, at most',
    hint: 'Silent for longer, the job is tried elsewhere; where it is the shorter one, this counts.',
    least: 0.1,
    most: 240,
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'jobTimeoutMs',
    label: 'Job timeout',
    hint: 'Stopped after so long on a GPU; time in line does not count.',
    least: 0.1,
    most: 1440,
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'staysWarmMs',
    label: 'A GPU stays up for',
    hint: 'Idle for longer, the platform takes it away: its scale-down delay. What is kept warm is sent a job before.',
    least: 0.5,
    most: 1440,
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'keepPreviewsHours',
    label: 'Keep previews',
    hint: 'What preview nodes show is deleted afterwards, unless its owner keeps it.',
    least: 1,
    most: 720,
    unit: 1,
    unitWord: 'hours',
  },
  {
    key: 'keepActsDays',
    label: 'Keep events',
    hint: 'What operators and the system did is forgotten afterwards.',
    least: 7,
    most: 3650,
    unit: 1,
    unitWord: 'days',
  },
  {
    key: 'keepLogsDays',
    label: 'Keep browser logs',
    hint: 'Forgotten afterwards; of very many, only the newest 50,000 are kept.',
    least: 1,
    most: 365,
    unit: 1,
    unitWord: 'days',
  },
] as const satisfies readonly Amount[];

export const SWITCHES = [
  { key: 'spotFirst', label: 'Spot GPUs first', hint: 'On-demand ones only when no spot one is free.' },
  {
    key: 'probe',
    label: 'Ask workers what became of a job',
    hint: 'While it shows no sign of life; failures are told sooner.',
  },
  { key: 'wallNames', label: 'Names on the wall', hint: 'Who made it stands under what hangs on the class wall.' },
] as const satisfies readonly Switch[];

export const CURRENCY: Named = { label: 'Currency', hint: 'In which prices and costs are told, such as EUR.' };

export const EXTRA_DATA: Named = {
  label: 'Extra data for workers',
  hint: 'Keys of extra_data that jobs may pass on, separated by commas, such as api_key_comfy_org. All others are left out.',
};

export const shownAmount = ({ key, unit }: Amount, settings: Pick<Settings, Amount['key']>): number =>
  Math.round((settings[key] / unit) * 100) / 100;

type Editable = Pick<Settings, Amount['key'] | Switch['key'] | Choice['key'] | 'currency' | 'allowedExtraData'>;

/** What is different in the form from what is stored. The form itself sees to it that amounts are numbers within their bounds. */
export function changedSettings(form: FormData, settings: Editable): Partial<Editable> {
  const changed: Partial<Editable> = {};
  for (const amount of AMOUNTS) {
    const typed = Number(form.get(amount.key));
    if (typed !== shownAmount(amount, settings)) changed[amount.key] = Math.round(typed * amount.unit);
  }
  for (const { key } of SWITCHES) {
    const on = form.get(key) !== null;
    if (on !== settings[key]) changed[key] = on;
  }
  const fairness = form.get('fairness');
  if (fairness !== settings.fairness && (fairness === 'fair' || fairness === 'first-come' || fairness === 'priority'))
    changed.fairness = fairness;
  const detail = form.get('bannerDetail');
  if (detail !== settings.bannerDetail && (detail === 'participant' || detail === 'operator'))
    changed.bannerDetail = detail;
  const currency = String(form.get('currency') ?? '').toUpperCase();
  if (currency !== settings.currency) changed.currency = currency;
  const allowed = String(form.get('allowedExtraData') ?? '')
    .split(/[\s,]+/)
    .filter((key) => key !== '');
  if (allowed.join() !== settings.allowedExtraData.join()) changed.allowedExtraData = allowed;
  return changed;
}

/** Set on the page of the storage. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  keepDays: 'Clean up after days',
  keepBytesPerParticipant: 'Clean up beyond bytes per person',
  cleanUpDaily: 'Clean up every day',
};

/** "Job timeout: 45 min". */
export function settingWords(key: string, value: unknown): string {
  const amount = AMOUNTS.find((each) => each.key === key);
  if (amount && typeof value === 'number')
    return `${amount.label}: ${[Math.round((value / amount.unit) * 100) / 100, amount.unitWord].join(' ').trim()}`;
  const choice = [FAIRNESS, BANNER_DETAIL].find((each) => each.key === key);
  if (choice)
    return `${choice.label}: ${choice.options.find((option) => option.value === value)?.name ?? String(value)}`;
  if (Array.isArray(value)) return `${EXTRA_DATA.label}: ${value.join(', ') || 'none'}`;
  const named = SWITCHES.find((each) => each.key === key) ?? (key === 'currency' ? CURRENCY : undefined);
  const said = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value ?? 'never');
  return `${named?.label ?? ELSEWHERE[key] ?? key}: ${said}`;
}
