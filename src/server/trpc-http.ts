import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { incomingMessageToRequest } from '@trpc/server/adapters/node-http';
import { appRouter } from '#src/api/router.ts';
import type { Context } from '#src/api/trpc.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';

/** tRPC over HTTP, whose own handler would read bodies with `JSON.parse` and round the seeds in them. */
export function createTrpcHttp(
  maxBodySize: number,
  createContext: (request: IncomingMessage, response: ServerResponse) => Context,
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const req = incomingMessageToRequest(request, response, { maxBodySize });
    req.json = async () => parseGraphJson(await req.text());
    const answer = await fetchRequestHandler({
      req,
      endpoint: '/api/trpc',
      router: appRouter,
      createContext: () => createContext(request, response),
    });
    response.statusCode = answer.status;
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    try {
      await pipeline(answer.body ?? [], response);
    } catch (error) {
      if (!response.destroyed && !req.signal.aborted) throw error;
    }
  };
}
