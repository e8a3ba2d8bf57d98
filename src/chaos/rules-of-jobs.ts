import { isFinal, type Reason } from '#src/domain/jobs/job.ts';
import { about, type Rule, twice, without } from './evidence.ts';
import type { FaultKind, JobKind } from './plan.ts';

/** How often a job is sent before it is given up (the product's own default). */
const MAX_ATTEMPTS = 3;
/** Of the jobs that nothing is wrong with, so many in a hundred may fail by bad luck. */
export const MAX_FAILED_PERCENT = 2;

export const allEnded: Rule = ({ jobs }) =>
  jobs.filter(({ status }) => !isFinal(status)).map((job) => `${about(job)} never ended: it is ${job.status}.`);

const REASONS_OF_FAULTS: Readonly<Partial<Record<FaultKind, readonly Reason[]>>> = {
  // Killed between claiming a job and sending it, it leaves an attempt that never starts.
  'server killed': ['never_started', 'lost'],
  'replica killed': ['never_started', 'lost'],
  'replica dies at a node': ['never_started', 'lost'],
  'replica dies in a file': ['never_started', 'lost'],
  'scaled to zero': ['never_started', 'lost'],
  'prompts swallowed': ['never_started'],
  '502, 503 or 504': ['never_started'],
  'connections refused': ['endpoint_unreachable'],
};
const OWN_REASON: Readonly<Partial<Record<JobKind, Reason>>> = {
  'unknown class': 'rejected_by_worker',
  'failing node': 'execution_error',
};

export const rightReasons: Rule = ({ jobs, faults }) => {
  const explained = new Set(faults.flatMap((kind) => REASONS_OF_FAULTS[kind] ?? []));
  return jobs.flatMap((job) => {
    const { status, reason, kind, attempts, message } = job;
    const own = OWN_REASON[kind] ?? null;
    if (status === 'completed') {
      if (own !== null) return [`${about(job)} is completed, but cannot be.`];
      return reason === null ? [] : [`${about(job)} is completed, with the reason ${reason}.`];
    }
    if (status !== 'failed') return [];
    if (!message) return [`${about(job)} failed (${reason}), and no sentence says why.`];
    if (reason === own && reason !== null) return [];
    if (reason === null || !explained.has(reason)) return [`${about(job)} failed: ${reason}, which no fault explains.`];
    return attempts < MAX_ATTEMPTS
      ? [`${about(job)} was given up after ${attempts} of ${MAX_ATTEMPTS} tries: ${reason}.`]
      : [];
  });
};

export const cancelledOnlyWhenAsked: Rule = ({ jobs }) =>
  jobs.flatMap((job) => {
    const cancelled = job.status === 'cancelled';
    if (cancelled && (job.cancel === 'not asked' || job.cancel === 'too late'))
      return [`${about(job)} is cancelled; that was ${job.cancel}.`];
    return !cancelled && job.cancel === 'granted' ? [`${about(job)} was cancelled, and is ${job.status}.`] : [];
  });

export const fewFail: Rule = ({ jobs }) => {
  const sound = jobs.filter(({ kind }) => OWN_REASON[kind] === undefined);
  const failed = sound.filter(({ status }) => status === 'failed').length;
  const most = Math.ceil((sound.length * MAX_FAILED_PERCENT) / 100);
  return failed > most ? [`${failed} of ${sound.length} sound jobs failed; at most ${most} may.`] : [];
};

export const oneJobPerRequest: Rule = ({ jobs, people }) => {
  const listed = people.flatMap(({ name, jobIds }) => jobIds.map((id) => `${name} ${id}`));
  const asked = jobs.map(({ owner, id }) => `${owner} ${id}`);
  return [
    ...twice(asked).map((key) => `Two requests were answered with the same job: ${key}.`),
    ...twice(listed).map((key) => `A job is listed twice: ${key}.`),
    ...without(asked, listed).map((key) => `A job was answered and is not in its owner's list: ${key}.`),
    ...without(listed, asked).map((key) => `A job is listed that was never answered: ${key}.`),
  ];
};
