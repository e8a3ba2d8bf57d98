import type { AskRuns } from '#src/ports/worker.ts';
import { createRequest, parseJson, readText, TooLong } from './http.ts';
import { readHistory, readJobs, readQueue } from './run-answers.ts';

const TIMEOUT_MS = 5000;
const MAX_BYTES = 4 * 1024 * 1024;

const LISTS = {
  jobs: { path: (limit: number) => `/api/jobs?limit=${limit}`, read: readJobs },
  living: { path: (limit: number) => `/api/jobs?status=pending,in_progress&limit=${limit}`, read: readJobs },
  history: { path: (limit: number) => `/history?max_items=${limit}`, read: readHistory },
  queue: { path: () => '/queue', read: readQueue },
};

/** `keyOf` gives the value of the environment variable that an endpoint names. */
export function createAskRuns(keyOf: (variable: string) => string | undefined): AskRuns {
  const request = createRequest(keyOf);
  return async (endpoint, list, limit, signal) => {
    const { path, read } = LISTS[list];
    try {
      const response = await request(
        endpoint,
        path(limit),
        undefined,
        AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      );
      if (response.status !== 200) {
        await response.body?.cancel();
        return response.status === 404 || response.status === 405 ? { type: 'unsupported' } : { type: 'none' };
      }
      const text = await readText(response, MAX_BYTES);
      const reports = read(parseJson(text));
      // Who does not know this address may answer with a page.
      if (reports === null) return { type: list === 'jobs' || list === 'living' ? 'unsupported' : 'none' };
      const isWhole = list === 'queue' || reports.size < limit;
      return { type: 'reports', reports, isWhole, bytes: text.length };
    } catch (error) {
      // A question may go unanswered; whatever is wrong over there, the next one or the share tells.
      signal.throwIfAborted();
      return { type: error instanceof TooLong ? 'too_large' : 'none' };
    }
  };
}
