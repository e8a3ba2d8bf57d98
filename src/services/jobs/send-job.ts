import { busyPauseMs } from '#src/domain/endpoints/http-answer.ts';
import { AppError, type NodeErrors } from '#src/domain/errors.ts';
import { withFiles } from '#src/domain/files/file-inputs.ts';
import { fileInputs, STORED_NAMES } from '#src/domain/files/inputs.ts';
import { cutNodeErrors } from '#src/domain/jobs/worker-words.ts';
import { readExtraData } from '#src/domain/workflow/extra-data.ts';
import { generations } from '#src/domain/workflow/generation-parameters.ts';
import { type Graph, parseGraph } from '#src/domain/workflow/graph.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { JOB_KEY, rewriteGraph, withoutRefused } from '#src/domain/workflow/rewrite.ts';
import type { Breakers } from '#src/ports/breakers.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { JobStore } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Share } from '#src/ports/share.ts';
import type { Answer, StopAttempt, Worker } from '#src/ports/worker.ts';
import type { WorkerVersions } from '#src/ports/worker-versions.ts';
import { findUploads } from '../inputs/find-uploads.ts';
import { loseAttempt } from './lose-attempt.ts';

type Deps = {
  jobs: JobStore;
  inputs: InputStore;
  settings: SettingStore;
  worker: Worker;
  workerVersions: WorkerVersions;
  share: Pick<Share, 'makeFolder' | 'removeIfEmpty'>;
  breakers: Pick<Breakers, 'busy' | 'accepted'>;
  stopAttempt: StopAttempt;
  clock: Clock;
  random: Random;
  log: Log;
};

/** The node errors of the participant's own nodes, with their own file names: the markers that we added are left out. */
function ownErrors(errors: NodeErrors, { plan, uploads }: Pick<Claim, 'plan' | 'uploads'>): NodeErrors {
  const own = new Map(plan.saves.map(({ nodeId, senderId }) => [senderId ?? nodeId, nodeId]));
  const added = new Set(Object.values(plan.markerNodes));
  const nameOf = new Map(uploads.map(({ file, name }) => [file, name]));
  const withOwnNames = (text: string): string => text.replace(STORED_NAMES, (file) => nameOf.get(file) ?? file);
  return Object.fromEntries(
    Object.entries(cutNodeErrors(errors)).map(([id, error]) => [
      own.get(id) ?? id,
      {
        ...error,
        errors: error.errors.map((fault) => ({ ...fault, details: withOwnNames(fault.details) })),
        dependent_outputs: error.dependent_outputs.flatMap((output) =>
          added.has(output) ? [] : [own.get(output) ?? output],
        ),
      },
    ]),
  );
}

function firstSentence(errors: NodeErrors): string {
  const first = Object.entries(errors).find(([, error]) => error.errors.length > 0);
  if (!first) return '';
  const [id, { class_type, errors: faults }] = first;
  return `${class_type || `Node ${id}`}: ${faults[0]?.message ?? ''}${faults[0]?.details ? ` (${faults[0].details})` : ''}`;
}

/** Null, and the end of the job, when an earlier version has taken what this one refuses: it must not hold up the line. */
async function readGraph(deps: Deps, jobId: string, prompt: string): Promise<Graph | null> {
  try {
    return parseGraph(parseGraphJson(prompt));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, nodeErrors } = error;
    await deps.jobs.fail({
      jobId,
      attemptId: null,
      reason: 'invalid_graph',
      message,
      nodeErrors: nodeErrors ?? null,
      now: deps.clock.now(),
    });
    return null;
  }
}

const MAX_FOLDERS = 20;

/** Not every node makes the folder that it writes into. Where we cannot, it may. */
async function makeFolders({ share, log }: Deps, folders: readonly string[]): Promise<void> {
  for (const folder of folders.slice(0, MAX_FOLDERS))
    await share.makeFolder(folder).catch((err: unknown) => log.debug({ err, folder }, 'could not create a folder'));
}

async function extraDataOf({ jobs }: Deps, jobId: string): Promise<Readonly<Record<string, unknown>>> {
  const stored = await jobs.extraData(jobId);
  return stored === null ? {} : readExtraData(stored);
}

/** Claims a job for an endpoint: after this it is an attempt with a folder of its own. Null when it was no longer waiting. */
export async function claimJob(deps: Deps, choice: { jobId: string; userId: string; endpointId: string }) {
  const stored = await deps.jobs.graph(choice.jobId);
  if (!stored) return null;
  const attemptId = deps.random.id();
  const now = deps.clock.now();
  const graph = await readGraph(deps, choice.jobId, stored.prompt);
  if (!graph) return null;
  const files = fileInputs(graph);
  const uploadOf = await findUploads(deps, choice.userId, files);
  const { prompt, plan, folders, warnings } = rewriteGraph(
    withFiles(graph, files, (file) => uploadOf(file)?.file),
    attemptId,
    { version: deps.workerVersions.versionOf(choice.endpointId) },
    now,
  );
  const uploads = files.flatMap((file) => uploadOf(file) ?? []);
  const claimed = await deps.jobs.dispatch({
    ...choice,
    attemptId,
    plan,
    generations: generations(graph, [...new Set(plan.saves.map(({ nodeId }) => nodeId))]),
    warnings,
    now,
  });
  const job = claimed ? await deps.jobs.find(choice.jobId) : null;
  if (!job) return null;
  const extraData = await extraDataOf(deps, job.id);
  const workflow: unknown = stored.workflow === null ? null : parseGraphJson(stored.workflow);
  const extraPnginfo = { ...(workflow !== null && { workflow }), [JOB_KEY]: job.id };
  return { job, plan, folders, uploads, sentAt: now, prompt: { promptId: attemptId, prompt, extraPnginfo, extraData } };
}
export type Claim = NonNullable<Awaited<ReturnType<typeof claimJob>>>;

/** Fires a claimed job once and logs what the worker's HTTP said. */
export async function sendJob(
  deps: Deps,
  endpoint: Endpoint,
  claim: Claim,
  signal: AbortSignal,
): Promise<Answer['type']> {
  const { job, plan } = claim;
  const attemptId = claim.prompt.promptId;
  await makeFolders(deps, claim.folders);
  const answer = await deps.worker.fire(endpoint, claim.prompt, signal);
  const now = deps.clock.now();
  const attempt = {
    id: attemptId,
    endpointId: endpoint.id,
    number: job.attemptCount,
    sentAt: claim.sentAt,
    answeredAt: now,
  };
  const about = { job: job.id, attempt: attemptId, endpoint: endpoint.name };
  const reject = async (httpStatus: number, errors: NodeErrors, words: string) => {
    const sentence = firstSentence(errors) || words;
    deps.log.info({ ...about, httpStatus, message: sentence }, 'rejected by the worker');
    const message = `ComfyUI could not use this workflow. ${sentence}`;
    await deps.jobs.fail({
      jobId: job.id,
      attemptId,
      reason: 'rejected_by_worker',
      message,
      nodeErrors: errors,
      httpStatus,
      now,
    });
  };

  const unclear = (httpStatus: number | null) =>
    deps.jobs.answered({ jobId: job.id, attemptId, answer: 'unknown', httpStatus, plan, nodeErrors: null, now });

  switch (answer.type) {
    case 'refused': {
      await reject(answer.httpStatus, ownErrors(answer.nodeErrors, claim), answer.message);
      break;
    }
    case 'accepted': {
      deps.breakers.accepted(endpoint.id);
      const refused = new Set(Object.values(answer.nodeErrors).flatMap((error) => error.dependent_outputs));
      const left = withoutRefused(plan, refused);
      const errors = ownErrors(answer.nodeErrors, claim);
      if (left.saves.length === 0 && plan.saves.length > 0) {
        // Our start marker alone made the worker accept it: nothing of the participant's would be saved.
        deps.stopAttempt(attempt);
        await reject(answer.httpStatus, errors, 'None of its outputs can run.');
        break;
      }
      const nodeErrors = Object.keys(errors).length > 0 ? errors : null;
      await deps.jobs.answered({
        jobId: job.id,
        attemptId,
        answer: 'accepted',
        httpStatus: answer.httpStatus,
        plan: left,
        nodeErrors,
        now,
      });
      break;
    }
    case 'busy': {
      const { httpStatus, retryAfter, message } = answer;
      const until = now + busyPauseMs(retryAfter, now);
      // Before the job is back in the queue, or it would be sent there again at once.
      deps.breakers.busy(endpoint.id, until);
      deps.log.info(
        { ...about, httpStatus, retryAfter, until: new Date(until).toISOString(), message },
        'endpoint busy, job requeued',
      );
      // One that has shown life was taken after all.
      if (await deps.jobs.undoDispatch({ jobId: job.id, attemptId, now }))
        await deps.share
          .removeIfEmpty(plan.folder)
          .catch((err: unknown) => deps.log.debug({ ...about, err }, 'could not remove an empty folder'));
      else await unclear(httpStatus);
      break;
    }
    case 'unknown': {
      const { httpStatus, message } = answer;
      // Who gave the request up wants no answer.
      if (!signal.aborted) deps.log.warn({ ...about, httpStatus, message }, 'unclear response; watching for activity');
      await unclear(httpStatus);
      break;
    }
    case 'unreachable': {
      await loseAttempt(
        deps,
        { job, attempt: { ...attempt, httpStatus: answer.httpStatus } },
        'endpoint_unreachable',
        answer.message,
      );
      break;
    }
  }
  return answer.type;
}
