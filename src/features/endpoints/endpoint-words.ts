import { usual } from '#src/domain/jobs/estimate.ts';
import { ago, clock, counted, roughly } from '#src/domain/measures.ts';

type WarmState = {
  readonly state: 'unknown' | 'warming' | 'warm' | 'cold';
  readonly since: string | null;
  readonly lastLife: string | null;
};

export const timeOfDay = (iso: string): string =>
  new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** What is known about its GPUs. */
export function warmStateWords({ state, since, lastLife }: WarmState, now: number): string {
  switch (state) {
    case 'unknown':
      return 'No jobs yet';
    case 'warming':
      return `Warming ${clock(now - Date.parse(since ?? ''))}`;
    case 'warm':
      return `Warm since ${timeOfDay(since ?? '')}`;
    case 'cold':
      return `Cold, last active ${ago(new Date(lastLife ?? ''), new Date(now))}`;
  }
}

type Health = {
  readonly warmth: Pick<WarmState, 'lastLife'>;
  readonly tested: { readonly at: string; readonly well: boolean } | null;
};

/** What is known of whether jobs can go there, from what ran there and from the last test, whichever is newer. */
export function proofOf({ warmth: { lastLife }, tested }: Health): 'proven' | 'failed' | 'untested' {
  if (tested?.well) return 'proven';
  if (lastLife !== null && (tested === null || lastLife > tested.at)) return 'proven';
  return tested === null ? 'untested' : 'failed';
}

type Origin = { readonly enabled: boolean; readonly origin: 'environment' | 'operator' };

/** One that was added here and has not shown yet that it works: it should pass a test before it gets jobs. */
export const isNew = (endpoint: Health & Origin): boolean =>
  !endpoint.enabled && endpoint.origin === 'operator' && proofOf(endpoint) !== 'proven';

/** For an endpoint that is kept warm: until when, and when its next warm-up is. */
export function keptWords(keepWarmUntil: string, nextWarmUp: string | null, now: number): string {
  const until = `Kept warm until ${timeOfDay(keepWarmUntil)}`;
  if (nextWarmUp === null) return until;
  const left = Date.parse(nextWarmUp) - now;
  return left < 1000 ? `${until}; a warm-up is due` : `${until}; next warm-up in ${clock(left)}`;
}

type Start = { readonly ms: number; readonly cold: boolean };

const seconds = (ms: number): string => roughly(Math.round(ms / 1000));

function spanWords(low: number, high: number): string {
  const [from, to] = [seconds(low), seconds(high)];
  return from === to ? from : `${from} to ${to}`;
}

function kindWords(name: string, starts: readonly Start[], cold: boolean): string | null {
  const times = starts.filter((start) => start.cold === cold).map(({ ms }) => ms);
  if (times.length === 0) return null;
  const range = usual(times);
  const said = range
    ? `usually ${spanWords(range.lowMs, range.highMs)}`
    : spanWords(Math.min(...times), Math.max(...times));
  return `${counted(times.length, `${name} start`)}, ${said}`;
}

/** How long it took from being sent to the first activity. */
export function startsWords(starts: readonly Start[]): string {
  const said = [kindWords('cold', starts, true), kindWords('warm', starts, false)].filter((words) => words !== null);
  return said.length === 0 ? 'No jobs have started here yet.' : `${said.join('; ')}.`;
}

/** The next occurrence of a time of day such as `17:00`. Null when it is invalid. */
export function nextTime(at: string, now: Date): Date | null {
  const [, hours, minutes] = /^(\d{2}):(\d{2})$/.exec(at) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const next = new Date(now);
  next.setHours(Number(hours), Number(minutes), 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next;
}

const HALF_HOUR_MS = 30 * 60_000;
const CLASS_MS = 2 * 3_600_000;

/** When keeping warm should end unless something else is said: after a class that begins now, on the half hour. */
export const suggestedEnd = (now: Date): string =>
  timeOfDay(new Date(Math.ceil((now.getTime() + CLASS_MS) / HALF_HOUR_MS) * HALF_HOUR_MS).toISOString());

const STATES: Readonly<Record<string, string>> = {
  running: 'running',
  image_pulling: 'pulling the image',
  initializing: 'starting',
  terminating: 'ending',
  unavailable: 'waiting for a GPU',
  error: 'in error',
};

/** How many replicas are in each state. */
export function replicaWords(replicas: Readonly<Record<string, number>>): string {
  const said = Object.entries(replicas).map(([state, count]) => `${count} ${STATES[state] ?? state}`);
  return said.length === 0 ? 'None' : said.join(', ');
}
