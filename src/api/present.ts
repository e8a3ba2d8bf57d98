import { canHave, type Derived } from '#src/domain/files/derived.ts';
import { shownName } from '#src/domain/files/result-name.ts';
import { groupBy } from '#src/domain/group-by.ts';
import { canRetry } from '#src/domain/jobs/can-retry.ts';
import { isFinal } from '#src/domain/jobs/job.ts';
import { lastLoss } from '#src/domain/jobs/loss.ts';
import { phaseOf } from '#src/domain/jobs/phase.ts';
import type { Role } from '#src/domain/users/user.ts';
import type { Breakers, Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { AttemptReader, Job } from '#src/ports/jobs.ts';
import type { LiveRuns } from '#src/ports/live-runs.ts';
import type { PlatformBoard } from '#src/ports/platform.ts';
import type { Positions } from '#src/ports/queue.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Result, ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Estimates } from '#src/ports/statistics.ts';
import type { JobView, ResultView } from './views.ts';

export type PresentDeps = {
  breakers: Breakers;
  clock: Clock;
  endpoints: EndpointStore;
  estimates: Estimates;
  jobs: AttemptReader;
  liveRuns: LiveRuns;
  platformBoard: PlatformBoard;
  positions: Positions;
  results: ResultStore;
  settings: SettingStore;
};

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

export function presentResult(result: Result): ResultView {
  const { id, jobId, nodeId, kind, mime, bytes, sha256, width, height, duration, codecs, path } = result;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const made = (what: Derived, address: string) => (canHave(what, result) ? `/files/${id}/${address}` : null);
  return {
    id,
    jobId,
    nodeId,
    filename: shownName(result),
    kind,
    mime,
    bytes,
    sha256,
    width,
    height,
    duration,
    codecs,
    url: `/files/${id}/${encodeURIComponent(name)}`,
    thumbUrl: made('thumbnail', 'thumb'),
    storyboardUrl: made('storyboard', 'storyboard'),
    waveformUrl: made('waveform', 'waveform'),
    proxyUrl: made('proxy', 'proxy'),
    cleanUrl: made('clean', 'clean'),
    workflowUrl: `/files/${id}/workflow.json`,
    apiWorkflowUrl: `/files/${id}/api.json`,
    createdAt: iso(result.deliveredAt),
    title: result.title,
    familyId: result.familyId,
    model: result.model,
    seed: result.seed,
    prompt: result.prompt,
    favourite: result.favourite,
    rating: result.rating,
    rejected: result.rejected,
    onWall: result.wallAt !== null,
    removedAt: isoOrNull(result.removedAt),
    preview: result.preview,
    unfinished: result.unfinished,
  };
}

/** Previews come in any order; they are looked at node by node. */
const inNumbers = new Intl.Collator('en', { numeric: true });
const byNode = (a: ResultView, b: ResultView): number =>
  inNumbers.compare(a.nodeId, b.nodeId) || inNumbers.compare(a.filename, b.filename);

/** Where a part of the graph was refused, or more came than was thought, nothing is certain. */
function progressOf({ status, expectedFiles, nodeErrors }: Job, here: number): JobView['progress'] {
  if (expectedFiles === null || nodeErrors !== null || here > expectedFiles) return null;
  return status === 'running' || status === 'delivering' ? { here, expected: expectedFiles } : null;
}

export const inputOf = ({ inputId }: Job): JobView['input'] => (inputId === null ? null : { id: inputId });

/** Until when no endpoint takes a job, because at least one has too much to do; null while any takes one. */
function busyUntil({ breakers }: PresentDeps, endpoints: readonly Endpoint[]): number | null {
  const busy = breakers.busyUntil();
  const on = endpoints.filter(({ enabled }) => enabled);
  if (on.some(({ id }) => !busy.has(id) && breakers.restsUntil(id) === null)) return null;
  const ends = on.flatMap(({ id }) => busy.get(id) ?? []);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Jobs as their owner sees them, with phase, position, estimate and results. Operators are told more. */
export async function presentJobs(deps: PresentDeps, jobs: readonly Job[], viewer: Role): Promise<JobView[]> {
  const alive = jobs.filter(({ status }) => !isFinal(status));
  const triedAgain = alive.filter(({ status, attemptCount }) => attemptCount > (status === 'queued' ? 0 : 1));
  const rejected = jobs.filter(({ reason }) => reason === 'rejected_by_worker');
  const sent = viewer === 'operator' ? jobs : [...alive, ...rejected];
  const [attempts, results, tries, { maxAttempts }, endpoints] = await Promise.all([
    deps.jobs.newestSendings(sent.map(({ id }) => id)),
    deps.results.ofJobs(jobs.map(({ id }) => id)),
    deps.jobs.endedTries(triedAgain.map(({ id }) => id)),
    deps.settings.read(),
    viewer === 'operator' || rejected.length > 0 || deps.breakers.busyUntil().size > 0 ? deps.endpoints.list() : [],
  ]);
  const byJob = groupBy(results.map(presentResult), ({ jobId }) => jobId);
  const now = deps.clock.now();
  const seen = jobs.map((job) => {
    const attempt = attempts.get(job.id) ?? null;
    const wake = attempt && deps.platformBoard.wake(attempt.endpointId);
    const gpuStart = attempt && deps.platformBoard.gpuStart(attempt.endpointId);
    const placed = phaseOf({ ...job, attempt, gpuStart }, now);
    return {
      job,
      attempt,
      endpointId: attempt?.endpointId ?? null,
      wake: placed.phase === 'waking' ? wake : null,
      ...placed,
    };
  });
  const enabled = endpoints.flatMap(({ id, enabled }) => (enabled ? [id] : []));
  const busy = isoOrNull(busyUntil(deps, endpoints));
  const estimates = await deps.estimates.of(
    seen.map(({ job, endpointId, phase, since }) => ({
      endpointId,
      phase,
      since,
      jobId: job.id,
      fingerprint: job.fingerprint,
    })),
  );
  return seen.map(({ job, attempt, endpointId, phase, since, wake }) => {
    const own = byJob.get(job.id) ?? [];
    const files = own.filter(({ preview }) => !preview);
    return {
      id: job.id,
      title: job.title,
      familyId: job.familyId,
      changes: job.changes,
      workflowId: job.workflowId,
      status: job.status,
      phase,
      phaseSince: iso(since),
      wake,
      reason: job.reason,
      message: job.message,
      nodeErrors: job.nodeErrors,
      position: job.status === 'queued' ? deps.positions.of(job.id) : null,
      createdAt: iso(job.createdAt),
      startedAt: isoOrNull(job.startedAt),
      endedAt: isoOrNull(job.endedAt),
      attempts: job.attemptCount,
      estimate: estimates.get(job.id) ?? null,
      lastLoss: lastLoss(tries.get(job.id) ?? [], maxAttempts, job.status === 'queued' ? null : attempt),
      progress: progressOf(job, files.length),
      live: job.status === 'running' ? deps.liveRuns.of(job.id) : null,
      busyUntil: job.status === 'queued' ? busy : null,
      endpoint: viewer === 'operator' ? (endpoints.find(({ id }) => id === endpointId)?.name ?? null) : null,
      results: files,
      previews: own.filter(({ preview }) => preview).sort(byNode),
      warnings: job.warnings,
      promptSnippet: job.promptSnippet,
      input: inputOf(job),
      canRetry: canRetry(
        { ...job, rejectedBy: endpointId === null ? job.rejectedBy : [...job.rejectedBy, endpointId] },
        enabled,
      ),
    };
  });
}
