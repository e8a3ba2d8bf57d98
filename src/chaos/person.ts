import { setTimeout as sleep } from 'node:timers/promises';
import { TRPCClientError } from '@trpc/client';
import { z } from 'zod';
import type { AppRouter } from '#src/api/app/router.ts';
import type { JobStatus } from '#src/domain/jobs/job.ts';
import type { Feed, Visitor } from '#src/server/integration/testing/visitor.ts';
import type { SeenJob } from './evidence.ts';
import { graphOf } from './graphs.ts';
import { jsonOf } from './json.ts';
import type { PlannedJob } from './plan.ts';
import type { FaultTally } from './tally.ts';

const PAUSE_MS = 150;
const MAX_WAIT_MS = 15_000;

export type ChaosPerson = Visitor & { readonly name: string; readonly feed: Feed };

const accepted = z.object({ result: z.object({ data: z.object({ id: z.string() }) }) });
const refused = z.object({ error: z.object({ data: z.object({ appError: z.string() }) }) });
/** "No" for now: a client tries again. */
const PASSING = new Set([
  'conflict',
  'storage_full',
  'storage_unavailable',
  'too_many_jobs',
  'shutting_down',
  'share_unavailable',
  'database_unavailable',
]);

/** One try; null when it was not answered, or with "not now". */
async function submitOnce(
  person: ChaosPerson,
  body: string,
  jobStatistics: FaultTally,
  cutAfterMs: number | null,
): Promise<string | null> {
  let text: string;
  try {
    const response = await person.fetch('/api/trpc/jobs.submit', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(cutAfterMs ?? MAX_WAIT_MS),
    });
    text = await response.text();
  } catch {
    jobStatistics.add('submits that were not answered, and repeated');
    return null;
  }
  const answer = jsonOf(text);
  const yes = accepted.safeParse(answer);
  if (yes.success) return yes.data.result.data.id;
  const code = refused.safeParse(answer).data?.error.data.appError ?? 'no JSON';
  jobStatistics.add(`submits answered with ${code}, and repeated`);
  // A server that is just starting says 503 and no more.
  if (PASSING.has(code) || text.startsWith('Starting')) return null;
  throw new Error(`${person.name} submitted a job and was told: ${text.slice(0, 500)}`);
}

/** Asks again under the same id until there is an answer, as a real client does. */
export async function submit(
  person: ChaosPerson,
  job: PlannedJob,
  jobStatistics: FaultTally,
  seed: number,
): Promise<string> {
  const body = JSON.stringify({
    prompt: graphOf(job),
    title: `Job ${job.serial}`,
    clientRequestId: `chaos-${seed}-${job.serial}`,
  });
  let id = await submitOnce(person, body, jobStatistics, job.cutAfterMs);
  while (id === null) {
    await sleep(PAUSE_MS);
    id = await submitOnce(person, body, jobStatistics, null);
  }
  return id;
}

const codeOf = (error: unknown): string | null => {
  if (!(error instanceof TRPCClientError)) throw error;
  const { data }: TRPCClientError<AppRouter> = error;
  return data?.appError ?? null;
};

/** Repeats a call until the server has answered it. */
export async function answered<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const code = codeOf(error);
      if (code !== null && code !== 'shutting_down' && code !== 'database_unavailable') throw error;
    }
    await sleep(PAUSE_MS);
  }
}

const EARLY: Readonly<Record<NonNullable<PlannedJob['cancel']>['when'], readonly JobStatus[]>> = {
  'at once': [],
  'once sent': ['queued'],
  'once running': ['queued', 'dispatched'],
};

/** Cancels as planned; says what came of it. */
export async function cancel(
  person: ChaosPerson,
  id: string,
  { when, afterMs }: NonNullable<PlannedJob['cancel']>,
): Promise<SeenJob['cancel']> {
  const early = EARLY[when];
  while (early.includes((await answered(() => person.api.jobs.get.query({ id }))).status)) await sleep(PAUSE_MS);
  await sleep(afterMs);
  let asked = 0;
  try {
    await answered(() => {
      asked += 1;
      return person.api.jobs.cancel.mutate({ id });
    });
    return 'granted';
  } catch (error) {
    if (codeOf(error) !== 'conflict') throw error;
    return asked > 1 ? 'unclear' : 'too late';
  }
}
