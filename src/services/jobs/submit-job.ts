import { AppError, type NodeErrors } from '#src/domain/errors.ts';
import type { FileInput } from '#src/domain/files/file-inputs.ts';
import { fileInputs, filesMissing, nameInJob } from '#src/domain/files/inputs.ts';
import { DISK_FULL } from '#src/domain/health/disk-report.ts';
import { expectedFiles } from '#src/domain/jobs/expected-files.ts';
import { promptSnippet } from '#src/domain/jobs/prompt-snippet.ts';
import { fingerprintOf } from '#src/domain/jobs/workload-fingerprint.ts';
import { NOT_ACCEPTING } from '#src/domain/messages/queue-words.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { type Warning, withWarnings } from '#src/domain/warning.ts';
import { allowedExtraData, toStored } from '#src/domain/workflow/extra-data.ts';
import { assertPlainJson, type Graph, MAX_GRAPH_BYTES } from '#src/domain/workflow/graph.ts';
import { toGraphJson } from '#src/domain/workflow/graph-json.ts';
import { homecoming } from '#src/domain/workflow/outputs/homecoming.ts';
import { parseGraph, refuseTooManyInputs } from '#src/domain/workflow/parse-graph.ts';
import { workflowIdOf } from '#src/domain/workflow/workflow-id.ts';
import type { Sealer } from '#src/ports/auth.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { DiskSpace } from '#src/ports/health.ts';
import type { InputShare, InputStore } from '#src/ports/inputs.ts';
import type { AsPrompt, Job, JobIntake, JobReader, Version } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { UserStore } from '#src/ports/users.ts';
import { findUploads } from '../inputs/find-uploads.ts';
import { jobInputs } from '../inputs/job-inputs.ts';
import { missingFiles } from '../inputs/missing-files.ts';
import { resultsAsInputs } from '../inputs/results-as-inputs.ts';
import { nextTurn } from '../next-turn.ts';
import { type CheckDeps, checkGraph, type GraphCheck } from './check-graph.ts';

/** The database keeps a text only up to its first NUL. */
const CONTROL = /\p{Cc}/gu;

export type SubmitDeps = CheckDeps & {
  jobs: JobIntake & JobReader;
  inputs: InputStore;
  inputShare: InputShare;
  results: Pick<ResultStore, 'find' | 'byPath'>;
  gallery: Pick<Gallery, 'read'>;
  diskSpace: DiskSpace;
  settings: SettingStore;
  users: Pick<UserStore, 'find'>;
  sealer: Pick<Sealer, 'seal'>;
  clock: Clock;
  random: Random;
};
type Input = {
  prompt: unknown;
  workflow?: unknown;
  title?: string | undefined;
  clientRequestId?: string | undefined;
  extraData?: Readonly<Record<string, unknown>> | undefined;
  version?: Version | undefined;
  /** The endpoints that have rejected this graph. */
  rejectedBy?: readonly string[];
  comfyui?: AsPrompt | undefined;
  metadata?: Readonly<Record<string, unknown>>;
};

/** `nodeErrors`: what will not run of it, as far as that is known before it is sent. */
type Submitted = { readonly job: Job; readonly isNew: boolean; readonly nodeErrors: NodeErrors };

/** Which version will run it is not known yet: a new one brings the most back. */
const NEWEST_VERSION = '999.0';
const MAX_NAMED = 5;

function toText(value: unknown, what: string): string {
  const text = toGraphJson(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_GRAPH_BYTES)
    throw new AppError(
      'too_large',
      `${what} has ${Math.ceil(bytes / 1_048_576)} MiB; at most ${MAX_GRAPH_BYTES / 1_048_576} MiB are allowed.`,
    );
  return text;
}

/** What of it cannot come back. Throws when nothing at all would. */
function lostOf(graph: Graph): readonly Warning[] {
  const { saves, previews, warnings } = homecoming(graph, NEWEST_VERSION);
  if (saves.length + previews.writers.length + previews.inHistory.length > 0) return warnings;
  const named = warnings.slice(0, MAX_NAMED).map(({ message }) => message);
  const more = warnings.length > named.length ? [`And ${warnings.length - named.length} more.`] : [];
  throw new AppError(
    'invalid_graph',
    ['The workflow saves nothing: it needs a node that saves, such as Save Image.', ...named, ...more].join(' '),
    { nodeErrors: {} },
  );
}

/** Stores a job in the queue. Asks no worker anything. */
export async function submitJob(deps: SubmitDeps, actor: Actor, input: Input): Promise<Submitted> {
  refuseTooManyInputs(input.prompt);
  const graph = parseGraph(input.prompt);
  await nextTurn();
  const lost = lostOf(graph);
  await nextTurn();
  const workflow = input.workflow ?? null;
  assertPlainJson(workflow, 'The editor’s workflow');
  assertPlainJson(input.extraData, 'extra_data');

  /** What was taken once is not refused when it is asked for again, for want of an answer. */
  const refuse = async (error: AppError): Promise<Submitted> => {
    const earlier = input.clientRequestId ? await deps.jobs.ofRequest(actor.userId, input.clientRequestId) : null;
    if (!earlier) throw error;
    return { job: earlier, isNew: false, nodeErrors: earlier.nodeErrors ?? {} };
  };
  const settings = await deps.settings.read();
  if (settings.intakePaused) return refuse(new AppError('conflict', NOT_ACCEPTING));
  if (await deps.diskSpace.full())
    return refuse(
      new AppError('storage_full', `${DISK_FULL} Your work is safe. Tell the teacher, who needs to free up space.`),
    );

  let check: GraphCheck;
  try {
    check = await checkGraph(deps, graph);
  } catch (error) {
    if (error instanceof AppError) return refuse(error);
    throw error;
  }
  const extraData = allowedExtraData(input.extraData ?? {}, settings.allowedExtraData);
  const files = fileInputs(graph);
  const results = await resultsAsInputs(deps, actor, files);
  const others = files.filter((file) => !results.has(nameInJob(file)));
  const missing = await missingFiles(deps, actor.userId, others);
  if (missing.length > 0) return refuse(filesMissing(missing));
  const owned = await findUploads(deps, actor.userId, others);
  const uploadOf = (file: FileInput) => results.get(nameInJob(file)) ?? owned(file);
  await nextTurn();
  const snippet = promptSnippet(graph);
  await nextTurn();
  const id = deps.random.id();
  const { job, isNew } = await deps.jobs.add({
    id,
    userId: actor.userId,
    clientRequestId: input.clientRequestId ?? null,
    title: input.title?.replace(CONTROL, '').trim() || 'Untitled',
    prompt: toText(graph, 'The workflow'),
    workflow: workflow === null ? null : toText(workflow, 'The editor’s workflow'),
    fingerprint: fingerprintOf(graph),
    workflowId: workflowIdOf(workflow),
    expectedFiles: expectedFiles(graph),
    warnings: withWarnings(lost, extraData.warnings),
    promptSnippet: snippet,
    inputId: files.map(uploadOf).find((upload) => upload?.kind === 'image')?.id ?? null,
    rejectedBy: [...new Set([...(input.rejectedBy ?? []), ...check.refusedBy])],
    inputs: jobInputs(files, uploadOf),
    extraData: toStored(extraData.data, (text) => deps.sealer.seal(text, id)),
    version: input.version,
    comfyui: input.comfyui,
    metadata: input.metadata ? JSON.stringify(input.metadata) : null,
    allowed: {
      waiting: settings.waitingCap,
      perMinute: settings.jobsPerMinute,
      bytes: settings.databaseBytesPerParticipant,
    },
    now: deps.clock.now(),
  });
  return { job, isNew, nodeErrors: check.nodeErrors };
}
