import type { Reason } from '../jobs/job.ts';
import { fileSize } from '../measures.ts';
import { MIN_FREE_BYTES } from './disk-report.ts';

/** What helps, as one button. */
export type Help =
  | { readonly type: 'resume' }
  | { readonly type: 'enable'; readonly endpointId: string; readonly name: string }
  | { readonly type: 'disable'; readonly endpointId: string; readonly name: string }
  /** Ends a rest or a closing. */
  | { readonly type: 'open'; readonly endpointId: string; readonly name: string }
  | { readonly type: 'to front'; readonly jobId: string }
  | { readonly type: 'show failed'; readonly reason: Reason }
  | { readonly type: 'show queue' }
  | { readonly type: 'show endpoints' }
  | { readonly type: 'show storage' };

/** Something that an operator should know of now. `urgent`: work does not get on, or will soon not. */
export type ClassFinding = {
  readonly code: string;
  readonly urgent: boolean;
  readonly sentence: string;
  readonly help: Help;
};

type EndpointFact = {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly restsUntil: number | null;
  /** An operator wants nothing sent there until then. */
  readonly closedUntil: number | null;
  /** Attempts that recently never showed any activity. */
  readonly neverStarted: number;
};

export type Facts = {
  readonly now: number;
  readonly dispatchPaused: boolean;
  readonly intakePaused: boolean;
  readonly waiting: number;
  readonly onGpus: number;
  /** Jobs that are rendered and find no room. */
  readonly heldUp: number;
  readonly cutOff: number;
  readonly endpoints: readonly EndpointFact[];
  /** What keeps work from being done, in sentences. */
  readonly faults: readonly string[];
  /** `free` null: it does not tell. */
  readonly disks: readonly { readonly name: string; readonly free: number | null }[];
  /** Of all attempts in flight the one that was sent first, and when a job was last completed. */
  readonly oldestSentAt: number | null;
  readonly lastCompletedAt: number | null;
  /** From being sent to the end, as is usual; null where too little is known. */
  readonly usualMs: number | null;
  readonly hungriest: { readonly name: string; readonly jobId: string; readonly ms: number } | null;
  readonly medianWaitMs: number | null;
  /** Recently. */
  readonly failed: ReadonlyMap<Reason, number>;
};

const MINUTE = 60_000;
const LOW_FREE_BYTES = 5 * 1024 ** 3;
const MANY_FAILED = 3;
const MANY_NEVER_STARTED = 2;
const LONG_WITHOUT_END_MS = 10 * MINUTE;
const LONG_HUNGRY_MS = 5 * MINUTE;
const FAR_LONGER = 3;

export const FAILED_OF: Record<Reason, string> = {
  invalid_graph: 'ComfyUI could not use the workflow',
  rejected_by_worker: 'ComfyUI could not use the workflow',
  endpoint_unreachable: 'no GPU could be reached',
  never_started: 'no GPU started in time',
  lost: 'the GPU was lost',
  execution_error: 'a node stopped with an error',
  timed_out: 'they took too long',
  incomplete: 'the run produced no files',
  storage_full: 'there was no disk space for the files',
  key_forgotten: 'the server was restarted, and the keys of their owners’ Comfy accounts were kept in memory only',
  storage_unavailable: 'the storage for the files could not be used',
  cancelled: 'they were cancelled',
};

const jobs = (count: number): string => `${count} ${count === 1 ? 'job' : 'jobs'}`;
const minutes = (ms: number): string => (ms < MINUTE ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / MINUTE)} min`);

const finding = (code: string, urgent: boolean, sentence: string, help: Help): ClassFinding => ({
  code,
  urgent,
  sentence,
  help,
});

function paused({ dispatchPaused, intakePaused, waiting, onGpus }: Facts): ClassFinding[] {
  const resume: Help = { type: 'resume' };
  const turnedAway = intakePaused ? ' New jobs are rejected.' : '';
  if (dispatchPaused)
    return [finding('queue_paused', false, `The queue is paused: ${jobs(waiting)} queued.${turnedAway}`, resume)];
  if (!intakePaused) return [];
  const left = waiting + onGpus;
  const state = left === 0 ? 'all jobs are done' : `${jobs(left)} left`;
  return [finding('intake_closed', false, `New jobs are rejected; ${state}.`, resume)];
}

function gpus({ endpoints, waiting, now }: Facts): ClassFinding[] {
  const show: Help = { type: 'show endpoints' };
  const on = endpoints.filter(({ enabled }) => enabled);
  const queued = waiting > 0 ? ` ${jobs(waiting)} queued.` : '';
  if (endpoints.length === 0)
    return [finding('no_endpoint', true, `No endpoints: nothing can be rendered.${queued}`, show)];
  const [first] = endpoints;
  if (on.length === 0 && first)
    return [
      finding('all_disabled', true, `All endpoints are disabled: no jobs are sent.${queued}`, {
        type: 'enable',
        endpointId: first.id,
        name: first.name,
      }),
    ];
  const shut = on.filter(({ restsUntil, closedUntil }) => (closedUntil ?? restsUntil) !== null);
  const none = shut.length === on.length;
  const elsewhere = none ? `no other endpoint is available.${queued}` : 'jobs go to the other endpoints.';
  // Operators know of what they have paused, as long as there are others.
  return shut
    .filter(({ closedUntil }) => none || closedUntil === null)
    .map(({ id, name, restsUntil, closedUntil }) => {
      const left = minutes(Math.max(1000, (closedUntil ?? restsUntil ?? now) - now));
      const why = closedUntil === null ? `failed and is cooling down for ${left}` : `is paused for ${left}`;
      return finding('endpoint_shut', none, `${name} ${why}: ${elsewhere}`, { type: 'open', endpointId: id, name });
    });
}

function neverStarted({ endpoints }: Facts): ClassFinding[] {
  const others =
    endpoints.filter(({ enabled, restsUntil, closedUntil }) => enabled && restsUntil === null && closedUntil === null)
      .length > 1;
  return endpoints
    .filter(({ enabled, neverStarted }) => enabled && neverStarted >= MANY_NEVER_STARTED)
    .map(({ id, name, neverStarted: count }) =>
      finding(
        'never_started',
        true,
        `${name} took ${jobs(count)} recently and never started one. Check its state on the GPU platform.`,
        others ? { type: 'disable', endpointId: id, name } : { type: 'show endpoints' },
      ),
    );
}

function room({ disks, heldUp, cutOff, faults }: Facts): ClassFinding[] {
  const show: Help = { type: 'show storage' };
  const low = disks.flatMap(({ name, free }) =>
    free === null || free >= LOW_FREE_BYTES
      ? []
      : [finding('disk_low', free < MIN_FREE_BYTES, `${name}: only ${fileSize(free)} free.`, show)],
  );
  const held =
    heldUp === 0
      ? []
      : [
          finding(
            'held_up',
            true,
            `No disk space for results: ${jobs(heldUp)} cannot be saved. They resume automatically once there is space.`,
            show,
          ),
        ];
  const away =
    cutOff === 0
      ? []
      : [
          finding(
            'cut_off',
            true,
            `The object storage cannot be used: ${jobs(cutOff)} cannot be saved. They resume automatically once it can.`,
            show,
          ),
        ];
  return [...faults.map((sentence) => finding('fault', true, sentence, show)), ...held, ...away, ...low];
}

function stillness(facts: Facts): ClassFinding[] {
  const { now, oldestSentAt, lastCompletedAt, usualMs, onGpus } = facts;
  if (oldestSentAt === null) return [];
  const quiet = now - Math.max(oldestSentAt, lastCompletedAt ?? 0);
  if (quiet < Math.max(LONG_WITHOUT_END_MS, FAR_LONGER * (usualMs ?? 0))) return [];
  const usual = usualMs === null ? '' : `; about ${minutes(usualMs)} is usual`;
  return [
    finding(
      'nothing_finishes',
      true,
      `Nothing has finished for ${minutes(quiet)}, with ${jobs(onGpus)} on GPUs${usual}.`,
      { type: 'show queue' },
    ),
  ];
}

function unfair({ dispatchPaused, hungriest, medianWaitMs }: Facts): ClassFinding[] {
  if (dispatchPaused || !hungriest || medianWaitMs === null) return [];
  if (hungriest.ms < Math.max(LONG_HUNGRY_MS, FAR_LONGER * medianWaitMs)) return [];
  return [
    finding(
      'waits_far_longer',
      false,
      `${hungriest.name} has waited ${minutes(hungriest.ms)} with nothing on a GPU; half of all jobs waited less than ${minutes(Math.max(1000, medianWaitMs))}.`,
      { type: 'to front', jobId: hungriest.jobId },
    ),
  ];
}

function failures({ failed }: Facts): ClassFinding[] {
  return [...failed]
    .filter(([, count]) => count >= MANY_FAILED)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) =>
      finding('many_failed', true, `${jobs(count)} failed recently: ${FAILED_OF[reason]}.`, {
        type: 'show failed',
        reason,
      }),
    );
}

/** Everything that is not as it should be just now; what is urgent comes first. */
export function findingsOf(facts: Facts): ClassFinding[] {
  const all = [
    ...room(facts),
    ...gpus(facts),
    ...paused(facts),
    ...neverStarted(facts),
    ...stillness(facts),
    ...failures(facts),
    ...unfair(facts),
  ];
  return [...all.filter(({ urgent }) => urgent), ...all.filter(({ urgent }) => !urgent)];
}
