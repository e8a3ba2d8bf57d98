import { isFinal, type JobStatus, type Reason } from '#src/domain/jobs/job.ts';
import { EXPECTED } from './graphs.ts';
import type { FaultKind, JobKind } from './plan.ts';
import type { Written } from './written.ts';

/** How often a job is sent before it is given up (the product's own default). */
const MAX_ATTEMPTS = 3;
/** Of the jobs that nothing is wrong with, so many in a hundred may fail by bad luck. */
export const MAX_FAILED_PERCENT = 2;

export type Listed = {
  readonly id: string;
  readonly jobId: string;
  readonly nodeId: string;
  readonly filename: string;
  readonly sha256: string;
};

export type SeenJob = {
  readonly id: string;
  readonly serial: number;
  readonly owner: string;
  readonly kind: JobKind;
  /** What became of the wish to cancel it; `unclear`: asked more than once, because an answer never came. */
  readonly cancel: 'not asked' | 'granted' | 'too late' | 'unclear';
  readonly status: JobStatus;
  readonly reason: Reason | null;
  readonly message: string | null;
  readonly attempts: number;
  readonly results: readonly Listed[];
};

export type Received = {
  readonly id: string;
  readonly type: string;
  readonly jobId: string | null;
  readonly resultId: string | null;
  readonly missed: boolean;
};

export type Evidence = {
  readonly faults: readonly FaultKind[];
  readonly jobs: readonly SeenJob[];
  /** By participant: what the API lists, and what the socket received. */
  readonly people: readonly {
    readonly name: string;
    readonly jobIds: readonly string[];
    readonly results: readonly Listed[];
    readonly received: readonly Received[];
  }[];
  /** `<participant>/<name>` */
  readonly outputs: readonly Written[];
  /** `comfyume/<attempt>/<n>/<name>` */
  readonly share: readonly Written[];
  readonly incoming: readonly string[];
  readonly strays: readonly string[];
  /** What the server did that no fault explains. */
  readonly server: readonly string[];
};

type Rule = (evidence: Evidence) => string[];

const about = ({ id, owner, kind }: SeenJob): string => `Job ${id} of ${owner} (${kind})`;

const allEnded: Rule = ({ jobs }) =>
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

const rightReasons: Rule = ({ jobs, faults }) => {
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

const cancelledOnlyWhenAsked: Rule = ({ jobs }) =>
  jobs.flatMap((job) => {
    const cancelled = job.status === 'cancelled';
    if (cancelled && (job.cancel === 'not asked' || job.cancel === 'too late'))
      return [`${about(job)} is cancelled; that was ${job.cancel}.`];
    return !cancelled && job.cancel === 'granted' ? [`${about(job)} was cancelled, and is ${job.status}.`] : [];
  });

const fewFail: Rule = ({ jobs }) => {
  const sound = jobs.filter(({ kind }) => OWN_REASON[kind] === undefined);
  const failed = sound.filter(({ status }) => status === 'failed').length;
  const most = Math.ceil((sound.length * MAX_FAILED_PERCENT) / 100);
  return failed > most ? [`${failed} of ${sound.length} sound jobs failed; at most ${most} may.`] : [];
};

const oneJobPerRequest: Rule = ({ jobs, people }) => {
  const listed = people.flatMap(({ name, jobIds }) => jobIds.map((id) => `${name} ${id}`));
  const asked = jobs.map(({ owner, id }) => `${owner} ${id}`);
  return [
    ...twice(asked).map((key) => `Two requests were answered with the same job: ${key}.`),
    ...twice(listed).map((key) => `A job is listed twice: ${key}.`),
    ...without(asked, listed).map((key) => `A job was answered and is not in its owner's list: ${key}.`),
    ...without(listed, asked).map((key) => `A job is listed that was never answered: ${key}.`),
  ];
};

const exactFiles: Rule = ({ jobs }) =>
  jobs.flatMap((job) => {
    const found = countBy(job.results.map(({ nodeId }) => nodeId));
    return Object.entries({ ...Object.fromEntries([...found].map(([id]) => [id, 0])), ...EXPECTED[job.kind] }).flatMap(
      ([nodeId, expected]) => {
        const here = found.get(nodeId) ?? 0;
        const wrong = job.status === 'completed' ? here !== expected : here > expected;
        return wrong
          ? [`${about(job)} is ${job.status} with ${here} files of node ${nodeId}; it makes ${expected}.`]
          : [];
      },
    );
  });

const eachFileOnce: Rule = ({ jobs, people, outputs }) => {
  const jobOf = new Map(jobs.map((job) => [job.id, job]));
  const onDisk = new Map(outputs.map((file) => [file.path, file]));
  const listed = people.flatMap(({ name, results }) =>
    results.map((result) => ({ ...result, path: `${name}/${result.filename}` })),
  );
  const faults = listed.flatMap(({ path, jobId, sha256 }) => {
    const file = onDisk.get(path);
    const serial = jobOf.get(jobId)?.serial;
    if (!file) return [`${path} is listed, and not there.`];
    if (!file.whole) return [`${path} is not whole.`];
    if (file.sha256 !== sha256) return [`${path} is not what was delivered.`];
    if (file.jobId !== jobId) return [`${path} is listed for job ${jobId}, but was made by ${file.jobId}.`];
    return file.serial === serial ? [] : [`${path} shows picture ${file.serial}; job ${jobId} asked for ${serial}.`];
  });
  const paths = listed.map(({ path }) => path);
  return [
    ...faults,
    ...twice(paths).map((path) => `${path} is listed twice.`),
    ...without([...onDisk.keys()], paths).map((path) => `${path} is there, and nobody's list has it.`),
    ...twice(listed.map(({ jobId, nodeId, sha256 }) => `job ${jobId}, node ${nodeId}, ${sha256}`)).map(
      (key) => `The same picture came twice: ${key}.`,
    ),
  ];
};

const nothingOfOthers: Rule = ({ jobs, people }) => {
  const ownerOf = new Map(jobs.map(({ id, owner }) => [id, owner]));
  return people.flatMap(({ name, results }) =>
    results
      .filter(({ jobId }) => ownerOf.get(jobId) !== name)
      .map(
        ({ filename, jobId }) => `${name} is shown ${filename}, of job ${jobId} of ${ownerOf.get(jobId) ?? 'nobody'}.`,
      ),
  );
};

/** Two attempts of a job may each have written a file: it counts once, and comes once. */
const nothingLeftOnShare: Rule = ({ jobs, share, strays }) => {
  const made = new Map<string, Set<string>>();
  for (const { path, jobId, whole } of share) {
    const [, , dir = '', ...name] = path.split('/');
    if (!whole || jobId === null || name.length === 0) continue;
    made.set(jobId, (made.get(jobId) ?? new Set()).add(`${dir}/${name.join('/')}`));
  }
  const left = jobs.flatMap((job) => {
    const files = made.get(job.id)?.size ?? 0;
    if (job.status === 'cancelled' || files === job.results.length) return [];
    return [`${about(job)} is ${job.status}: ${files} files on the share, ${job.results.length} delivered.`];
  });
  return [...left, ...strays.map((path) => `A stray on the share: ${path}.`)];
};

const eventsOnce: Rule = ({ jobs, people }) => {
  const ownerOf = new Map(jobs.map(({ id, owner }) => [id, owner]));
  return people.flatMap(({ name, results, received }) => {
    const stored = received.filter(({ type }) => type === 'job.updated' || type === 'result.added');
    const added = stored.flatMap(({ resultId }) => resultId ?? []);
    const foreign = stored.filter(({ jobId }) => jobId !== null && ownerOf.get(jobId) !== name);
    const ids = stored.map(({ id }) => Number(id));
    return [
      ...twice(added).map((id) => `${name} heard twice of result ${id}.`),
      ...without(
        results.map(({ id }) => id),
        added,
      ).map((id) => `${name} never heard of result ${id}.`),
      ...without(
        added,
        results.map(({ id }) => id),
      ).map((id) => `${name} received result ${id} of somebody else.`),
      ...foreign.map(({ jobId }) => `${name} received job ${jobId} of somebody else.`),
      ...(ids.some((id, at) => at > 0 && id <= (ids[at - 1] ?? 0)) ? [`${name} heard events out of order.`] : []),
      ...(received.some(({ missed }) => missed) ? [`${name} was told that events are missing.`] : []),
    ];
  });
};

const nothingHalfBrought: Rule = ({ incoming }) => incoming.map((path) => `Left behind in .incoming: ${path}.`);
const serverBehaved: Rule = ({ server }) => [...server];

export const RULES = {
  allEnded,
  rightReasons,
  cancelledOnlyWhenAsked,
  fewFail,
  oneJobPerRequest,
  exactFiles,
  eachFileOnce,
  nothingOfOthers,
  nothingLeftOnShare,
  eventsOnce,
  nothingHalfBrought,
  serverBehaved,
} as const satisfies Record<string, Rule>;

/** Everything that is not as it must be, in words. */
export const judgeChaos = (evidence: Evidence): string[] => Object.values(RULES).flatMap((rule) => rule(evidence));

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

const twice = (keys: readonly string[]): string[] =>
  [...countBy(keys)].flatMap(([key, count]) => (count > 1 ? [key] : []));

function without(keys: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return keys.filter((key) => !known.has(key));
}
