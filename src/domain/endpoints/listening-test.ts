import { counted, roughly } from '../measures.ts';
import { LISTENING } from './listening.ts';

/** What became of one tiny job. Times are ms since it was sent. */
export type TinyJob =
  | { readonly type: 'done'; readonly tookMs: number; readonly isHeard: boolean }
  /** It was heard to start, and its file did not come. */
  | { readonly type: 'no_file'; readonly afterMs: number }
  | { readonly type: 'not_started'; readonly afterMs: number }
  | { readonly type: 'failed'; readonly message: string }
  /** The endpoint did not take it. */
  | { readonly type: 'not_taken'; readonly message: string };

export type ListeningReport = {
  readonly off: {
    /** Of a first job, where that took so long that a GPU had to start for it. */
    readonly startMs: number | null;
    readonly job: TinyJob;
  };
  /** Null: not tried, because jobs do not start without it either. */
  readonly on: {
    readonly job: TinyJob;
    readonly connections: number;
    readonly isRefused: boolean;
    /** That came up at the platform meanwhile; null = it does not say. */
    readonly newReplicas: number | null;
  } | null;
};

/** `set`: what an operator should set; null = the test does not tell. */
export type ListeningVerdict = {
  readonly off: string;
  readonly on: string | null;
  readonly advice: string;
  readonly set: 'on' | 'off' | null;
};

/** A tiny job takes longer only where a GPU has to start for it, or has no place for it. */
export const SLOW_MS = 10_000;
const MIN_WAIT_MS = 30_000;
const MAX_WAIT_MS = 30 * 60_000;

/** How long each half of the test waits for a job, by how long a start may take and, for the second half, by how long a job took in the first. */
export function waitFor(startBudgetMs: number, tookMs: number | null): number {
  const most = Math.min(startBudgetMs, MAX_WAIT_MS);
  return tookMs === null ? most : Math.min(most, Math.max(MIN_WAIT_MS, 3 * tookMs));
}

/** How many connections are open when the job is sent the first time, the second, and the third: as many as listening comes to. */
export function connectionSteps(capacity: number): number[] {
  return [...new Set([1, 2, 3].map((times) => Math.min(LISTENING.maxSockets, times * capacity)))];
}

const time = (ms: number): string => (ms < SLOW_MS ? `${(ms / 1000).toFixed(1)} s` : roughly(ms / 1000));
const ended = (message: string): string => message.replace(/\.?$/, '.');

function jobWords(job: TinyJob): string {
  switch (job.type) {
    case 'done':
      return `the job was done after ${time(job.tookMs)}`;
    case 'no_file':
      return `the job started, but its file did not arrive within ${roughly(job.afterMs / 1000)}`;
    case 'not_started':
      return `no job started within ${roughly(job.afterMs / 1000)}`;
    case 'failed':
      return `the job failed: ${job.message}`;
    case 'not_taken':
      return `the job was not accepted: ${job.message}`;
  }
}

function onWords({ job, connections, isRefused, newReplicas }: NonNullable<ListeningReport['on']>): string {
  const opened = isRefused
    ? connections === 0
      ? 'WebSockets are refused'
      : `${counted(connections, 'WebSocket')} opened, the next was refused`
    : `${counted(connections, 'WebSocket')} opened`;
  const heard = job.type !== 'done' ? '' : job.isHeard ? ', and was heard' : '. Nothing was heard';
  const replicas = newReplicas ? ` ${counted(newReplicas, 'more replica')} came up meanwhile.` : '';
  return `On: ${opened}; ${ended(jobWords(job) + heard)}${replicas}`;
}

function adviceOf(report: ListeningReport): Pick<ListeningVerdict, 'advice' | 'set'> {
  const { off, on } = report;
  if (!on)
    return {
      advice: 'Jobs do not run here without live progress either, so it was not tried. Check the endpoint first.',
      set: null,
    };
  const { job, connections, isRefused, newReplicas } = on;
  switch (job.type) {
    case 'not_started':
      return connections > 0
        ? { advice: 'With live progress on, jobs do not start: its WebSockets take the place of jobs.', set: 'off' }
        : { advice: 'WebSockets are refused, and jobs start unreliably. Check the endpoint.', set: 'off' };
    case 'no_file':
    case 'failed':
    case 'not_taken':
      return { advice: 'The second job did not run, so the test does not tell. Try again.', set: null };
    case 'done': {
      if (newReplicas)
        return { advice: 'Its WebSockets start GPUs that no job needs. Live progress costs money here.', set: 'off' };
      const usualMs = off.job.type === 'done' ? off.job.tookMs : 0;
      if (connections > 0 && job.tookMs >= Math.max(SLOW_MS, 2 * usualMs))
        return {
          advice: 'The job had to wait although a GPU was ready: WebSockets take the place of jobs.',
          set: 'off',
        };
      if (job.isHeard) return { advice: 'Jobs start, and live progress works.', set: 'on' };
      return isRefused
        ? { advice: 'Jobs run, but live progress cannot work here.', set: 'off' }
        : { advice: 'Jobs run, but nothing is heard of them here: live progress has no effect.', set: 'off' };
    }
  }
}

/** What an operator is told of the test. */
export function listeningVerdict(report: ListeningReport): ListeningVerdict {
  const { startMs, job } = report.off;
  const start = startMs === null ? '' : `a GPU started first, which took ${time(startMs)}; then `;
  return {
    off: `Off: ${start}${ended(jobWords(job))}`,
    on: report.on && onWords(report.on),
    ...adviceOf(report),
  };
}
