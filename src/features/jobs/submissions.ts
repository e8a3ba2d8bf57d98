import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { useState } from 'react';
import type { AppRouter } from '#src/api/app/router.ts';
import type { Change } from '#src/domain/fields/with-changes.ts';
import type { Warning } from '#src/domain/warning.ts';
import { type Failure, failureOf, isNotSignedIn } from '../api-client/failure.ts';
import { goToLogin } from '../api-client/go-to-login.ts';
import { requestId } from '../api-client/request-id.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { useTRPCClient } from '../api-client/trpc.ts';
import { type Job, useJobsPatch, useJobsRefresh } from './jobs-cache.ts';

type SubmitInput = inferRouterInputs<AppRouter>['jobs']['submit'];
export type Graph = SubmitInput['prompt'];
export type NewJob = {
  readonly title: string;
  readonly prompt: Graph;
  readonly workflow?: SubmitInput['workflow'];
};
/** A job of a class workflow: the server has its graph. */
export type ClassJob = {
  readonly title: string;
  readonly classWorkflowId: string;
  readonly changes: readonly Change[];
};

/** A job that is being submitted, or was rejected. `failure` is null while it is being sent. */
export type Submission = {
  readonly requestId: string;
  readonly job: NewJob | ClassJob;
  readonly failure: Failure | null;
};
/** The outcome; `warnings` belong to an accepted job. */
type Outcome = Pick<Submission, 'requestId' | 'failure'> & { readonly warnings: readonly Warning[] };

type Receipt = inferRouterOutputs<AppRouter>['jobs']['submit'];

const justPlaced = (placed: Receipt, title: string): Job => ({
  ...placed,
  title,
  familyId: placed.id,
  changes: null,
  workflowId: null,
  phase: 'waiting',
  phaseSince: new Date(onServerClock(Date.now())).toISOString(),
  wake: null,
  reason: null,
  message: null,
  nodeErrors: null,
  createdAt: new Date(onServerClock(Date.now())).toISOString(),
  startedAt: null,
  endedAt: null,
  attempts: 0,
  estimate: null,
  lastLoss: null,
  busyUntil: null,
  progress: null,
  live: null,
  endpoint: null,
  results: [],
  previews: [],
  canRetry: false,
});

export type Submissions = ReturnType<typeof useSubmissions>;

/** Submits jobs. Each shows as a row at once, and stays with the reason if it is rejected. */
export function useSubmissions() {
  const client = useTRPCClient();
  const patchJobs = useJobsPatch();
  const refreshJobs = useJobsRefresh();
  const [submissions, setSubmissions] = useState<readonly Submission[]>([]);

  const drop = (id: string): void => setSubmissions((all) => all.filter((each) => each.requestId !== id));

  const send = async (submission: Submission): Promise<Outcome> => {
    const { requestId: clientRequestId, job } = submission;
    try {
      const placed = await ('changes' in job
        ? client.workflows.run.mutate({
            id: job.classWorkflowId,
            changes: [...job.changes],
            title: job.title,
            clientRequestId,
          })
        : client.jobs.submit.mutate({ ...job, clientRequestId }));
      patchJobs((items) =>
        items.some((each) => each.id === placed.id) ? items : [justPlaced(placed, job.title), ...items],
      );
      drop(clientRequestId);
      refreshJobs();
      return { requestId: clientRequestId, failure: null, warnings: placed.warnings };
    } catch (error) {
      if (isNotSignedIn(error)) goToLogin();
      const turnedAway = { ...submission, failure: failureOf(error) };
      setSubmissions((all) => all.map((each) => (each.requestId === clientRequestId ? turnedAway : each)));
      return { ...turnedAway, warnings: [] };
    }
  };

  return {
    submissions,
    drop,
    /** Those that were dropped by mistake. */
    restore: (dropped: readonly Submission[]): void => setSubmissions((all) => [...all, ...dropped]),
    /** Submits a job and resolves to its outcome. */
    submit: (job: NewJob | ClassJob): Promise<Outcome> => {
      const submission = { requestId: requestId(), job, failure: null };
      setSubmissions((all) => [...all, submission]);
      return send(submission);
    },
    /** Repeats the request with its ID: if the first one arrived after all, it is still one job. */
    sendAgain: (submission: Submission): void => {
      const again = { ...submission, failure: null };
      setSubmissions((all) => all.map((each) => (each === submission ? again : each)));
      void send(again);
    },
  };
}
