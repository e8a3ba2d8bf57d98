import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { incomingMessageToRequest } from '@trpc/server/adapters/node-http';
import { bodyBound } from '#src/api/app/body-bounds.ts';
import { appRouter } from '#src/api/app/router.ts';
import type { Context } from '#src/api/trpc.ts';
import { AppError } from '#src/domain/errors.ts';
import { MAX_CALLS, REQUEST } from '#src/domain/request-bounds.ts';
import type { ReadBody } from './bodies.ts';

const ENDPOINT = '/api/trpc';

/** What a request calls; of a batch, several. */
const pathsOf = ({ pathname }: URL): string[] => {
  try {
    return decodeURIComponent(pathname.slice(ENDPOINT.length + 1)).split(',');
  } catch {
    return [];
  }
};

/** tRPC over HTTP, whose own handler would read bodies of any size, and with `JSON.parse`, which rounds the seeds in them. A body is read only when a procedure wants it. */
export function createTrpcHttp(
  readBody: ReadBody,
  createContext: (request: IncomingMessage, response: ServerResponse) => Context,
) {
  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const context = createContext(request, response);
    // With a body that is there already, tRPC leaves the real one alone.
    const req = incomingMessageToRequest(Object.assign(request, { body: '' }), response, { maxBodySize: null });
    // Who is not signed in can call only what is public, whatever else is named beside it.
    const paths = pathsOf(url);
    const most = context.actor ? bodyBound(paths) : REQUEST.publicBytes;
    req.json = () => readBody(request, response, { most, who: context.actor?.userId ?? context.address });
    const answer = await fetchRequestHandler({
      req,
      endpoint: ENDPOINT,
      router: appRouter,
      createContext: () => {
        if (paths.length > MAX_CALLS)
          throw new TRPCError({
            code: 'BAD_REQUEST',
            cause: new AppError(
              'invalid_input',
              `One request can hold ${MAX_CALLS} calls, not ${paths.length}. Send the rest in another.`,
            ),
          });
        return context;
      },
    });
    if (response.headersSent) return;
    response.statusCode = answer.status;
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    try {
      await pipeline(answer.body ?? [], response);
    } catch (error) {
      if (!response.destroyed && !req.signal.aborted) throw error;
    }
  };
}
