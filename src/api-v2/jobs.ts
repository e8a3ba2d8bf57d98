import { apiStatusOf } from '#src/domain/api-v2/job-view.ts';
import { apiSubmission, isEditorFormat, titleOf } from '#src/domain/api-v2/submission.ts';
import { appErrorIn } from '#src/domain/errors.ts';
import { JOB_STATUSES } from '#src/domain/jobs/job.ts';
import type { Turns } from '#src/ports/auth.ts';
import type { Job, JobReader } from '#src/ports/jobs.ts';
import type { ResolveAssetsDeps } from '#src/services/assets/resolve-assets.ts';
import { cancelJob } from '#src/services/jobs/cancel-job.ts';
import { type SubmitDeps, submitJob } from '#src/services/jobs/submit-job.ts';
import { nextTurn } from '#src/services/next-turn.ts';
import type { ApiCall, ApiHandle } from './call.ts';
import { ApiError } from './errors.ts';
import { graphWithAssets } from './graph-with-assets.ts';
import { type Idempotency, idempotencyKeyOf } from './idempotency.ts';
import { apiJobQuery, type jobOperations } from './job-operations.ts';
import { ownApiJob, type ReadJobs, viewsOf } from './read-jobs.ts';
import { createStreams, type StreamDeps } from './streams.ts';

export type ApiJobDeps = SubmitDeps &
  ResolveAssetsDeps &
  ReadJobs &
  StreamDeps &
  Parameters<typeof cancelJob>[0] & {
    jobs: JobReader;
    /** Long reads of one person: the others wait. */
    queries: Turns;
  };
type MadeJob = { readonly job: Job; readonly isNew: boolean };

const idOf = ({ params }: ApiCall): string => params.id ?? '';

export function apiJobRoutes(
  deps: ApiJobDeps,
  once: Idempotency,
): Readonly<Record<keyof typeof jobOperations, ApiHandle>> {
  const stream = createStreams(deps);

  async function sayJob({ say, origin }: ApiCall, job: Job, status = 200): Promise<void> {
    const [view] = await viewsOf(deps, [job], origin);
    say(view, status);
  }

  async function submit(call: ApiCall): Promise<MadeJob> {
    const { actor, request } = call;
    const { workflow, extra_data, metadata, priority } = apiSubmission.parse(await call.json());
    if (isEditorFormat(workflow))
      throw new ApiError(
        'workflow_format_ui',
        'This workflow is in the editor’s format. Export it with “Export (API)” and send that.',
      );
    const send = async (requestId: string | undefined): Promise<MadeJob> =>
      submitJob(deps, actor, {
        prompt: await graphWithAssets(deps, actor, workflow),
        title: titleOf({ metadata }),
        clientRequestId: requestId,
        extraData: extra_data,
        metadata,
        comfyui: priority > 0 ? { promptId: null, clientId: null, goesFirst: true } : undefined,
      });
    const key = idempotencyKeyOf(request);
    if (key === '') return send(undefined);
    return once(actor.userId, key, async (begin) => {
      // What is told to the worker may be a secret, of which not even a hash is kept.
      const { id } = await begin({ workflow, metadata, priority });
      const earlier = await deps.jobs.ofRequest(actor.userId, id);
      return earlier ? { job: earlier, isNew: false } : send(id);
    });
  }

  return {
    'POST /api/v2/jobs': async (call) => {
      const { job, isNew } = await submit(call);
      if (!isNew) call.response.setHeader('idempotency-replayed', 'true');
      call.response.setHeader('location', `/api/v2/jobs/${job.id}`);
      await sayJob(call, job, 201);
    },

    'GET /api/v2/jobs': async ({ actor, url, origin, say }) => {
      const { status, limit, cursor } = apiJobQuery.parse(Object.fromEntries(url.searchParams));
      await deps.queries(actor.userId, async () => {
        const { items, nextCursor } = await deps.jobs.list({
          userId: actor.userId,
          statuses: status === undefined ? null : JOB_STATUSES.filter((one) => apiStatusOf(one) === status),
          limit,
          cursor: cursor ?? null,
        });
        await nextTurn();
        say({ jobs: await viewsOf(deps, items, origin), next_cursor: nextCursor });
      });
    },

    'GET /api/v2/jobs/:id': async (call) => sayJob(call, await ownApiJob(deps.jobs, call.actor, idOf(call))),

    /** As text: numbers in graphs keep every digit. */
    'GET /api/v2/jobs/:id/workflow': async (call) => {
      const { id } = await ownApiJob(deps.jobs, call.actor, idOf(call));
      const graph = await deps.jobs.graph(id);
      if (!graph) throw new ApiError('not_found', `The workflow of job ${id} is not known.`);
      call.sayText(`{"workflow":${graph.prompt},"format":"api"}`);
    },

    'GET /api/v2/jobs/:id/events': async (call) => stream(call, idOf(call)),

    /** What has ended stays as it ended. */
    'POST /api/v2/jobs/:id/cancel': async (call) => {
      const { id } = await ownApiJob(deps.jobs, call.actor, idOf(call));
      await cancelJob(deps, call.actor, id).catch((error: unknown) => {
        if (appErrorIn(error)?.code !== 'conflict') throw error;
      });
      await sayJob(call, await ownApiJob(deps.jobs, call.actor, id));
    },
  };
}
