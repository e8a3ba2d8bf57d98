import type { ResultView } from '#src/api/views.ts';
import { RESULT_KINDS, type ResultKind } from '#src/domain/file-facts.ts';
import { dayName, nextDay, startOfDay } from '#src/ui/time/days.ts';

/** The filter of the results. It is part of the address. */
export type Filter = {
  readonly words: string;
  readonly kind: ResultKind | null;
  readonly favourite: boolean;
  /** The minimum; 0 = any. */
  readonly stars: number;
  readonly rejected: 'hidden' | 'shown' | 'only';
  /** Days of this computer's calendar, both included. */
  readonly from: string | null;
  readonly to: string | null;
  readonly workflow: string | null;
  readonly model: string | null;
  readonly lora: string | null;
  readonly seed: string | null;
  /** The id of the only job. */
  readonly job: string | null;
  /** The id of an upload: results of jobs that use it. */
  readonly input: string | null;
  /** The trash, instead of the results. */
  readonly removed: boolean;
  /** Previews too. */
  readonly previews: boolean;
};

export const EVERYTHING: Filter = {
  words: '',
  kind: null,
  favourite: false,
  stars: 0,
  rejected: 'hidden',
  from: null,
  to: null,
  workflow: null,
  model: null,
  lora: null,
  seed: null,
  job: null,
  input: null,
  removed: false,
  previews: false,
};

export const KIND_NAMES: Record<ResultKind, string> = {
  image: 'Pictures',
  video: 'Films',
  audio: 'Sounds',
  model: '3D models',
  other: 'Other files',
};

const NAMES = [
  'words',
  'kind',
  'favourite',
  'stars',
  'rejected',
  'day',
  'from',
  'to',
  'workflow',
  'model',
  'lora',
  'seed',
  'job',
  'input',
  'removed',
  'previews',
];

// By hand: with zod in it, this page would be a tenth larger before anything is seen.
const like = (pattern: RegExp, said: string | null): string | null =>
  said !== null && pattern.test(said) ? said : null;
const name = (said: string | null): string | null => (said && said.length <= 500 ? said : null);

function day(said: string | null): string | null {
  const date = like(/^\d{4}-\d{2}-\d{2}$/, said);
  const time = date === null ? Number.NaN : Date.parse(date);
  // The 31st of a month of 30 days is read as the first of the next.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date ? null : date;
}

/** The filter in an address; invalid parts are ignored. `day` is short for the same `from` and `to`. */
export function readFilter(params: URLSearchParams): Filter {
  const only = day(params.get('day'));
  return {
    words: (params.get('words') ?? '').slice(0, 200),
    kind: RESULT_KINDS.find((kind) => kind === params.get('kind')) ?? null,
    favourite: params.get('favourite') === '1',
    stars: Number(like(/^[0-5]$/, params.get('stars'))),
    rejected: params.has('rejected') ? (params.get('rejected') === 'only' ? 'only' : 'shown') : 'hidden',
    from: only ?? day(params.get('from')),
    to: only ?? day(params.get('to')),
    workflow: name(params.get('workflow')),
    model: name(params.get('model')),
    lora: name(params.get('lora')),
    seed: like(/^-?\d{1,20}$/, params.get('seed')),
    job: name(params.get('job')),
    input: name(params.get('input')),
    removed: params.get('removed') === '1',
    previews: params.get('previews') === '1',
  };
}

/** The same address with this filter in it; all else stays. */
export function writeFilter(filter: Filter, params: URLSearchParams = new URLSearchParams()): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const each of NAMES) next.delete(each);
  const put = (key: string, value: string | null): void => {
    if (value) next.set(key, value);
  };
  put('words', filter.words.trim());
  put('kind', filter.kind);
  put('favourite', filter.favourite ? '1' : null);
  put('stars', filter.stars > 0 ? String(filter.stars) : null);
  put('rejected', filter.rejected === 'hidden' ? null : filter.rejected);
  if (filter.from !== null && filter.from === filter.to) put('day', filter.from);
  else {
    put('from', filter.from);
    put('to', filter.to);
  }
  put('workflow', filter.workflow);
  put('model', filter.model);
  put('lora', filter.lora);
  put('seed', filter.seed);
  put('job', filter.job);
  put('input', filter.input);
  put('removed', filter.removed ? '1' : null);
  put('previews', filter.previews ? '1' : null);
  return next;
}

/** Filters with the same key find the same results. */
export const filterKey = (filter: Filter): string => writeFilter(filter).toString();

export const isNarrowed = (filter: Filter): boolean => filterKey(filter) !== '';

/** The filter as the server takes it. */
export function toQuery(filter: Filter) {
  const { words, kind, favourite, stars, from, to, workflow, model, lora, seed, job, input, removed, previews } =
    filter;
  return {
    ...(words.trim() !== '' && { words: words.trim() }),
    ...(kind !== null && { kind }),
    ...(favourite && { favourite: true as const }),
    ...(stars > 0 && { minRating: stars }),
    ...(filter.rejected !== 'shown' && !removed && { rejected: filter.rejected === 'only' }),
    ...(from !== null && { from: startOfDay(from).toISOString() }),
    ...(to !== null && { to: startOfDay(nextDay(to)).toISOString() }),
    ...(workflow !== null && { title: workflow }),
    ...(model !== null && { model }),
    ...(lora !== null && { lora }),
    ...(seed !== null && { seed }),
    ...(job !== null && { jobId: job }),
    ...(input !== null && { inputId: input }),
    ...(removed && { removed: true as const }),
    ...(previews && { previews: true as const }),
  };
}

/** The query for an archive, which has no previews. Null without a filter. */
export function archived(filter: Filter): ReturnType<typeof toQuery> | null {
  const without = { ...filter, previews: false };
  return isNarrowed(without) ? toQuery(without) : null;
}

type Marked = Pick<
  ResultView,
  | 'jobId'
  | 'kind'
  | 'createdAt'
  | 'title'
  | 'model'
  | 'seed'
  | 'favourite'
  | 'rating'
  | 'rejected'
  | 'removedAt'
  | 'preview'
>;

/** Whether a result belongs to what is found. Null: only the server knows, because it depends on words or LoRAs. */
export function matches(filter: Filter, result: Marked): boolean | null {
  const at = Date.parse(result.createdAt);
  const fits =
    (result.removedAt !== null) === filter.removed &&
    (filter.previews || !result.preview) &&
    (filter.removed || filter.rejected === 'shown' || result.rejected === (filter.rejected === 'only')) &&
    (!filter.favourite || result.favourite) &&
    result.rating >= filter.stars &&
    (filter.kind === null || result.kind === filter.kind) &&
    (filter.workflow === null || result.title === filter.workflow) &&
    (filter.model === null || result.model === filter.model) &&
    (filter.job === null || result.jobId === filter.job) &&
    (filter.seed === null || result.seed === filter.seed) &&
    (filter.from === null || at >= startOfDay(filter.from).getTime()) &&
    (filter.to === null || at < startOfDay(nextDay(filter.to)).getTime());
  return fits && (filter.words.trim() !== '' || filter.lora !== null || filter.input !== null) ? null : fits;
}

/** Each condition in a few words, for when nothing is found. */
export function conditionsOf(filter: Filter, now: Date): string[] {
  const { from, to } = filter;
  const conditions = [
    filter.words.trim() !== '' && `with “${filter.words.trim()}”`,
    filter.kind !== null && KIND_NAMES[filter.kind].toLowerCase(),
    filter.favourite && 'favourites',
    filter.stars > 0 && (filter.stars === 5 ? '5 stars' : `${filter.stars} stars or more`),
    filter.rejected === 'only' && 'rejected',
    from !== null && from === to && `from ${dayName(from, now)}`,
    from !== null && from !== to && `since ${dayName(from, now)}`,
    to !== null && from !== to && `until ${dayName(to, now)}`,
    filter.workflow !== null && `of “${filter.workflow}”`,
    filter.model !== null && `model ${filter.model}`,
    filter.lora !== null && `LoRA ${filter.lora}`,
    filter.seed !== null && `seed ${filter.seed}`,
    filter.job !== null && 'of one job',
    filter.input !== null && 'of one input',
    filter.removed && 'in the trash',
    filter.previews && 'previews included',
  ];
  return conditions.filter((words) => words !== false);
}
