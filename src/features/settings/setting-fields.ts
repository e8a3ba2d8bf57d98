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
  label: 'Queue order',
  hint: 'The order in which queued jobs are sent.',
  options: [
    { value: 'fair', name: 'Fair', does: 'Round robin: one job per person per round.' },
    {
      value: 'first-come',
      name: 'First come',
      does: 'Strictly by time of arrival. “Move to front” has no effect.',
    },
    { value: 'priority', name: 'Priority', does: 'Jobs moved to the front first, then by time of arrival.' },
  ],
};

export const BANNER_DETAIL: Choice & { readonly key: 'bannerDetail' } = {
  key: 'bannerDetail',
  label: 'Job status in ComfyUI tabs',
  hint: 'How much detail ComfyUI tabs show about a job.',
  options: [
    { value: 'participant', name: 'Basic', does: 'Queue position, phase, times and next steps.' },
    { value: 'operator', name: 'Everything', does: 'Also endpoints, attempts and reasons, for troubleshooting.' },
  ],
};

export const AMOUNTS = [
  {
    key: 'inFlightCap',
    label: 'Jobs on GPUs per person',
    hint: 'Further jobs wait, even if GPUs free.',
    least: 1,
    most: 100,
    unit: 1,
    unitWord: '',
  },
  {
    key: 'waitingCap',
    label: 'Queued jobs per person',
    hint: 'Further jobs are rejected.',
    least: 1,
    most: 10_000,
    unit: 1,
    unitWord: '',
  },
  {
    key: 'jobsPerMinute',
    label: 'Jobs per person and minute',
    hint: 'Further jobs are rejected until the minute is over.',
    least: 1,
    most: 100_000,
    unit: 1,
    unitWord: '',
  },
  {
    key: 'databaseBytesPerParticipant',
    label: 'Workflows per person',
    hint: 'Database space for the workflows of all jobs of one person.',
    least: 0.001,
    most: 1000,
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'inputBytesPerParticipant',
    label: 'Inputs per person',
    hint: 'At this limit, some have to be deleted before more can be uploaded.',
    least: 0.001,
    most: 10_000,
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'inputLimitBytes',
    label: 'Largest input',
    hint: 'Larger uploads are rejected.',
    least: 0.1,
    most: 64,
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'maxAttempts',
    label: 'Maximum attempts',
    hint: 'How often a job is sent before it fails, if GPUs are lost.',
    least: 1,
    most: 10,
    unit: 1,
    unitWord: '',
  },
  {
    key: 'startBudgetFloorMs',
    label: 'Minimum start timeout',
    hint: 'A start may take four times the slowest recent start, and at least this long.',
    least: 0.1,
    most: 240,
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'startBudgetMs',
    label: 'Maximum start timeout',
    hint: 'After this long without activity the job is sent to another GPU. Overrides a longer minimum.',
    least: 0.1,
    most: 240,
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'jobTimeoutMs',
    label: 'Job timeout',
    hint: 'Jobs are stopped after this time on a GPU. Time in the queue does not count.',
    least: 0.1,
    most: 1440,
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'staysWarmMs',
    label: 'Scale-down delay',
    hint: 'The platform removes GPUs that are idle for longer. Endpoints kept warm get a job before that.',
    least: 0.5,
    most: 1440,
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'keepPreviewsHours',
    label: 'Keep previews',
    hint: 'Previews are deleted after this time unless their owner keeps them.',
    least: 1,
    most: 720,
    unit: 1,
    unitWord: 'hours',
  },
  {
    key: 'keepActsDays',
    label: 'Keep events',
    hint: 'Older events are deleted.',
    least: 7,
    most: 3650,
    unit: 1,
    unitWord: 'days',
  },
  {
    key: 'keepLogsDays',
    label: 'Keep browser logs',
    hint: 'Older logs are deleted. At most the newest 50,000 are kept.',
    least: 1,
    most: 365,
    unit: 1,
    unitWord: 'days',
  },
] as const satisfies readonly Amount[];

export const SWITCHES = [
  { key: 'spotFirst', label: 'Spot GPUs first', hint: 'Use on-demand GPUs only when no spot GPU is free.' },
  {
    key: 'probe',
    label: 'Check job status on workers',
    hint: 'While a job shows no activity. Failures are detected sooner.',
  },
  { key: 'wallNames', label: 'Names on the wall', hint: 'Show the owner’s name under each result on the class wall.' },
] as const satisfies readonly Switch[];

export const CURRENCY: Named = { label: 'Currency', hint: 'For prices and costs, such as EUR.' };

export const EXTRA_DATA: Named = {
  label: 'Extra data for workers',
  hint: 'extra_data keys that jobs may pass on, separated by commas, such as api_key_comfy_org. All others are dropped.',
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
  cleanUpDaily: 'Clean up daily',
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
