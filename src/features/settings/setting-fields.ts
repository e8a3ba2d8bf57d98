import type { BOUNDS } from '#src/domain/settings/bounds.ts';

const MINUTE_MS = 60_000;
const GB = 1000 ** 3;

/** `hint`: what it does, in one sentence. */
type Named = { readonly label: string; readonly hint: string };

export type Amount = Named & {
  readonly key: Exclude<keyof typeof BOUNDS, 'keepDays' | 'keepBytesPerParticipant'>;
  /** The stored value of 1 in the form. */
  readonly unit: number;
  readonly unitWord: string;
};
export type Switch = Named & { readonly key: 'spotFirst' | 'balancing' | 'probe' | 'wallNames' };
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
    hint: 'Further jobs wait, even if GPUs are free.',
    unit: 1,
    unitWord: '',
  },
  {
    key: 'waitingCap',
    label: 'Queued jobs per person',
    hint: 'Further jobs are rejected.',
    unit: 1,
    unitWord: '',
  },
  {
    key: 'jobsPerMinute',
    label: 'Jobs per person and minute',
    hint: 'Further jobs are rejected until the minute is over.',
    unit: 1,
    unitWord: '',
  },
  {
    key: 'databaseBytesPerParticipant',
    label: 'Workflows per person',
    hint: 'Database space for the workflows of all jobs of one person.',
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'inputBytesPerParticipant',
    label: 'Inputs per person',
    hint: 'At this limit, some have to be deleted before more can be uploaded.',
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'inputLimitBytes',
    label: 'Largest input',
    hint: 'Larger uploads are rejected.',
    unit: GB,
    unitWord: 'GB',
  },
  {
    key: 'maxAttempts',
    label: 'Maximum attempts',
    hint: 'How often a job is sent before it fails, if GPUs are lost.',
    unit: 1,
    unitWord: '',
  },
  {
    key: 'startBudgetFloorMs',
    label: 'Minimum start timeout',
    hint: 'A start may take four times the slowest recent start, and at least this long.',
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'startBudgetMs',
    label: 'Maximum start timeout',
    hint: 'After this long without activity the job is sent to another GPU. Overrides a longer minimum.',
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'jobTimeoutMs',
    label: 'Job timeout',
    hint: 'Jobs are stopped after this time on a GPU. Time in the queue does not count.',
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'staysWarmMs',
    label: 'Scale-down delay',
    hint: 'The platform removes GPUs that are idle for longer. Endpoints kept warm get a job before that.',
    unit: MINUTE_MS,
    unitWord: 'min',
  },
  {
    key: 'keepPreviewsHours',
    label: 'Keep previews',
    hint: 'Previews are deleted after this time unless their owner keeps them.',
    unit: 1,
    unitWord: 'hours',
  },
  {
    key: 'keepActsDays',
    label: 'Keep events',
    hint: 'Older events are deleted.',
    unit: 1,
    unitWord: 'days',
  },
  {
    key: 'keepLogsDays',
    label: 'Keep browser logs',
    hint: 'Older logs are deleted. At most the newest 50,000 are kept.',
    unit: 1,
    unitWord: 'days',
  },
] as const satisfies readonly Amount[];

export const SWITCHES = [
  { key: 'spotFirst', label: 'Spot GPUs first', hint: 'Use on-demand GPUs only when no spot GPU is free.' },
  {
    key: 'balancing',
    label: 'Use idle GPUs',
    hint: 'Send a job again when it waits behind another while a GPU is idle. The first to start stays.',
  },
  {
    key: 'probe',
    label: 'Check job status on workers',
    hint: 'While a job shows no activity. Failures are detected sooner.',
  },
  { key: 'wallNames', label: 'Names on the wall', hint: 'Show the owner’s name under each result on the class wall.' },
] as const satisfies readonly Switch[];

export const CLASS_TITLE: Named = { label: 'Class name', hint: 'Shown on Work, next to the person’s name.' };

export const CURRENCY: Named = { label: 'Currency', hint: 'For prices and costs, such as EUR.' };

export const EXTRA_DATA: Named = {
  label: 'Extra data for workers',
  hint: 'extra_data keys that jobs may pass on, separated by commas, such as api_key_comfy_org. All others are dropped.',
};
