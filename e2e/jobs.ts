import { expect } from '@playwright/test';
import type { Api } from './api.ts';

type Submission = Parameters<Api['jobs']['submit']['mutate']>[0];

/** Runs a job beside the browser and waits for its end; its results. */
export async function runJob(api: Api, submission: Submission) {
  const { id } = await api.jobs.submit.mutate(submission);
  return completed(api, id);
}

export async function completed(api: Api, id: string) {
  await expect.poll(async () => (await api.jobs.get.query({ id })).status, { intervals: [100] }).toBe('completed');
  return (await api.jobs.get.query({ id })).results;
}
