import { createHash } from 'node:crypto';
import { API_KEY_MS } from '#src/domain/api-v2/submission.ts';
import { appErrorIn } from '#src/domain/errors.ts';
import { toGraphJson } from '#src/domain/workflow/graph-json.ts';
import type { ApiRequests } from '#src/ports/api-v2/requests.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import { ApiError } from './errors.ts';

type Deps = {
  apiRequests: Pick<ApiRequests, 'begin' | 'forget'>;
  clock: Clock;
  random: Random;
};

const MAX_KEY = 255;

/** `id` stands for all requests with the same key. `isRepeated`: an earlier one has come as far. */
export type Begun = { readonly id: string; readonly isRepeated: boolean };
/** Stores what is asked, before anything comes of it. ApiError `idempotency_key_reuse` when the key stands for something else. */
export type Begin = (body: unknown) => Promise<Begun>;

/**
 * One outcome for all requests of one person with the same Idempotency-Key. What comes of a request carries its id, so one that was cut off between its two
 * writes is carried on by the next with its key, after a kill too.
 */
export function createIdempotency({ apiRequests, clock, random }: Deps) {
  const underWay = new Set<string>();

  async function begin(userId: string, key: string, body: unknown): Promise<Begun> {
    const bodyHash = createHash('sha256').update(toGraphJson(body)).digest('hex');
    const now = clock.now();
    const id = random.id();
    const request = await apiRequests.begin({ id, userId, key, bodyHash, now, expiredBefore: now - API_KEY_MS });
    if (request.bodyHash !== bodyHash)
      throw new ApiError(
        'idempotency_key_reuse',
        'This Idempotency-Key was used for another request. Send a new key with each new one.',
      );
    return { id: request.id, isRepeated: request.id !== id };
  }

  async function once<T>(userId: string, key: string, work: (begin: Begin) => Promise<T>): Promise<T> {
    let begunId = '';
    try {
      return await work(async (body) => {
        const begun = await begin(userId, key, body);
        begunId = begun.id;
        return begun;
      });
    } catch (error) {
      // Of what failed without a reason it is not known what came of it: the next request with the key finds out.
      if (begunId !== '' && (appErrorIn(error) || error instanceof ApiError)) await apiRequests.forget(begunId);
      throw error;
    }
  }

  return async <T>(userId: string, key: string, work: (begin: Begin) => Promise<T>): Promise<T> => {
    if (key.length > MAX_KEY)
      throw new ApiError('invalid_request', `An Idempotency-Key has at most ${MAX_KEY} characters.`);
    const name = `${userId} ${key}`;
    if (underWay.has(name))
      throw new ApiError('idempotency_conflict', 'A request with this Idempotency-Key is still being answered.', {
        retryAfterSeconds: 1,
      });
    underWay.add(name);
    try {
      return await once(userId, key, work);
    } finally {
      underWay.delete(name);
    }
  };
}
export type Idempotency = ReturnType<typeof createIdempotency>;

/** Empty = none. */
export const idempotencyKeyOf = ({ headers }: { readonly headers: NodeJS.Dict<string | string[]> }): string =>
  headers['idempotency-key']?.toString() ?? '';
