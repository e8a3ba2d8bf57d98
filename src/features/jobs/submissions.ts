import type { inferRouterInputs } from '@trpc/server';
import { useState } from 'react';
import type { AppRouter } from '#src/api/router.ts';
import type { Warning } from '#src/domain/jobs/warning.ts';
import { type Failure, failureOf, isNotSignedIn } from '../server/failure.ts';
import { onServerClock } from '../server/server-clock.ts';
import { useTRPCClient } from '../server/trpc.ts';
import { goToLogin } from '../session/go-to-login.ts';
import { type Job, useJobsPatch, useJobsRefresh } from './jobs-cache.ts';

type SubmitInput = inferRouterInputs<AppRouter>['jobs']['submit'];
export type Graph = SubmitInput['prompt'];
export type NewJob = {
  readonly title: string;
  readonly prompt: Graph;
  readonly workflow?: SubmitInput['workflow'];
};

/** A job on its way to our own server, or rejected by it. `failure` is null while it is on its way. */
export type Submission = { readonly requestId: string; readonly job: NewJob; readonly failure: Failure | null };
/** What became of it; `warnings` are of a job that was taken. */
type Outcome = Pick<Submission, 'requestId' | 'failure'> & { readonly warnings: readonly Warning[] };

/** `crypto.randomUUID` is missing on plain http, which class rooms use. */
function requestId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const justPlaced = (placed: Pick<Job, 'id' | 'status' | 'position' | 'warnings'>, title: string): Job => ({
  ...placed,
  title,
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
  endpoint: null,
  results: [],
  previews: [],
});

export type Submissions = ReturnType<typeof useSubmissions>;

/** Sends jobs. Each shows as a card at once, and stays as one, with the reason, when it is rejected. */
export function useSubmissions() {
  const client = useTRPCClient();
  const patchJobs = useJobsPatch();
  const refreshJobs = useJobsRefresh();
  const [submissions, setSubmissions] = useState<readonly Submission[]>([]);

  const drop = (id: string): void => setSubmissions((all) => all.filter((each) => each.requestId !== id));

  const send = async (submission: Submission): Promise<Outcome> => {
    const { requestId: clientRequestId, job } = submission;
    try {
      const placed = await client.jobs.submit.mutate({
        ...job,
        clientRequestId,
      });
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
    /** What became of it on its way. */
    submit: (job: NewJob): Promise<Outcome> => {
      const submission = { requestId: requestId(), job, failure: null };
      setSubmissions((all) => [...all, submission]);
      return send(submission);
    },
    /** The same request again: when the first one did arrive after all, it is still one job. */
    sendAgain: (submission: Submission): void => {
      const again = { ...submission, failure: null };
      setSubmissions((all) => all.map((each) => (each === submission ? again : each)));
      void send(again);
    },
  };
}
