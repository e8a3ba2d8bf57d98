import type { IncomingMessage, ServerResponse } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiV2 } from '#src/api-v2/api.ts';
import { ApiError } from '#src/api-v2/errors.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import { type Identity, identify } from '#src/services/session/identify.ts';
import { renewedCookie } from './cookies.ts';
import { allowForeign, type ForeignUse } from './foreign.ts';
import { type Origins, proofOf } from './requests.ts';

type Deps = { users: UserStore; clock: Clock; random: Random; log: Log; apiV2: ApiV2 };

/** Of one person: a hundred jobs that are asked for once a second, and room besides. */
const MAX_REQUESTS = 3000;
const WINDOW_SECONDS = 20;

const FOREIGN: ForeignUse = {
  methods: 'GET, HEAD, POST, DELETE',
  send: 'content-type, authorization, x-api-key, idempotency-key, range, user-agent',
  read: 'date, retry-after, idempotency-replayed, ratelimit-limit, ratelimit-remaining, ratelimit-reset, content-range',
};

const keyOf = ({ headers }: IncomingMessage): string | null => headers['x-api-key']?.toString().trim() || null;

/** Who asks for `/api/v2`, and how often they may. */
export function createApiV2Route(deps: Deps, origins: Origins) {
  const limiter = new RateLimiterMemory({ points: MAX_REQUESTS, duration: WINDOW_SECONDS });

  async function identityOf(request: IncomingMessage, response: ServerResponse): Promise<Identity | null> {
    const site = origins.site(request);
    const proof = proofOf(request, site);
    const identity = await identify(deps, { ...proof, bearer: proof.bearer ?? keyOf(request) }, true);
    const cookie = identity && renewedCookie(request, identity, site, deps.clock.now());
    if (cookie) response.setHeader('set-cookie', cookie);
    return identity;
  }

  /** Counts the request. Null while there is room, else the seconds to wait. */
  async function secondsToWait(userId: string, response: ServerResponse): Promise<number | null> {
    const counted = await limiter.consume(userId).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const seconds = Math.ceil(counted.msBeforeNext / 1000);
    response.setHeader('ratelimit-limit', MAX_REQUESTS);
    response.setHeader('ratelimit-remaining', counted.remainingPoints);
    response.setHeader('ratelimit-reset', seconds);
    return counted.consumedPoints > MAX_REQUESTS ? seconds : null;
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    if (allowForeign(origins, request, response, FOREIGN)) return;
    const asked = { request, response, url };
    if (request.method !== 'GET' && request.method !== 'HEAD' && !origins.isAllowed(request))
      return deps.apiV2.refuse(
        asked,
        new ApiError(
          'forbidden',
          'Requests from this page’s address are not allowed. ALLOWED_ORIGINS lists the others.',
        ),
      );
    const identity = await identityOf(request, response);
    const wait = identity && (await secondsToWait(identity.actor.userId, response));
    if (wait !== null)
      return deps.apiV2.refuse(
        asked,
        new ApiError(
          'rate_limited',
          `More than ${MAX_REQUESTS} requests in ${WINDOW_SECONDS} seconds. Try again in ${wait} seconds.`,
          {
            retryAfterSeconds: wait,
          },
        ),
      );
    const scheme = origins.isHttps(request) ? 'https' : 'http';
    await deps.apiV2.handle(asked, `${scheme}://${request.headers.host ?? ''}`, identity);
  };
}
