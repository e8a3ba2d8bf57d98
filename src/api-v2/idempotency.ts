import { createHash } from 'node:crypto';
import { API_KEY_MS } from '#src/domain/api-v2/submission.ts';
import { appErrorIn } from '#src/domain/errors.ts';
import { toGraphJson } from '#src/domain/workflow/graph-json.ts';
import type { ApiRequests } from '#src/ports/api-v2/requests.ts';
import type { Job, JobReader } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import { ApiError } from './errors.ts';

type Deps = {
  apiRequests: Pick<ApiRequests, 'begin' | 'forget'>;
  jobs: Pick<JobReader, 'ofRequest'>;
  clock: Clock;
  random: Random;
};

const MAX_KEY = 255;

export type MadeJob = { readonly job: Job; readonly isNew: boolean };

/**
 * One job for all requests of one person with the same Idempotency-Key. The job carries the id of the request, so a request that was cut off between
 * its two writes is carried on by the next with its key, after a kill too.
 */
export function createIdempotency({ apiRequests, jobs, clock, random }: Deps) {
  const underWay = new Set<string>();

  async function once(
    userId: string,
    key: string,
    body: unknown,
    submit: (requestId: string) => Promise<MadeJob>,
  ): Promise<MadeJob> {
    const bodyHash = createHash('sha256').update(toGraphJson(body)).digest('hex');
    const now = clock.now();
    const request = await apiRequests.begin({
      id: random.id(),
      userId,
      key,
      bodyHash,
      now,
      expiredBefore: now - API_KEY_MS,
    });
    if (request.bodyHash !== bodyHash)
      throw new ApiError(
        'idempotency_key_reuse',
        'This Idempotency-Key was used for another request. Send a new key with each new job.',
      );
    const earlier = await jobs.ofRequest(userId, request.id);
    if (earlier) return { job: earlier, isNew: false };
    try {
      return await submit(request.id);
    } catch (error) {
      // Of what failed without a reason it is not known whether the job is there: the next request with the key finds out.
      if (appErrorIn(error) || error instanceof ApiError) await apiRequests.forget(request.id);
      throw error;
    }
  }

  return async (
    userId: string,
    key: string,
    body: unknown,
    submit: (requestId: string) => Promise<MadeJob>,
  ): Promise<MadeJob> => {
    if (key.length > MAX_KEY)
      throw new ApiError('invalid_request', `An Idempotency-Key has at most ${MAX_KEY} characters.`);
    const name = `${userId} ${key}`;
    if (underWay.has(name))
      throw new ApiError('idempotency_conflict', 'A request with this Idempotency-Key is still being answered.', {
        retryAfterSeconds: 1,
      });
    underWay.add(name);
    try {
      return await once(userId, key, body, submit);
    } finally {
      underWay.delete(name);
    }
  };
}
