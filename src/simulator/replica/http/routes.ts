import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, AnswerNow, empty, originAllowed, type Request, readBody, send, text, troubled } from './http.ts';

export type Handler = (request: Request, body: () => Promise<Buffer>) => Promise<Answer> | Answer;
export type Route = { method: 'GET' | 'POST' | 'DELETE'; path: RegExp; handle: Handler; bare?: true };

/** `{}` stands for one path segment, still percent-encoded; most routes exist below /api too. */
export function route(method: Route['method'], path: string, handle: Handler, options: { bare?: true } = {}): Route {
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll('{}', '([^/]+)');
  return { method, path: new RegExp(`^${options.bare ? '' : '(?:/api)?'}${pattern}$`), handle, ...options };
}

/** Routes like the real server, whose static files at / turn other methods into 405 and every unknown GET into 404. */
export function router(routes: readonly Route[]): (request: IncomingMessage, response: ServerResponse) => void {
  async function answer(raw: IncomingMessage): Promise<Answer> {
    if (!originAllowed(raw)) return empty(403);
    const method = raw.method === 'HEAD' ? 'GET' : raw.method;
    const url = new URL(raw.url ?? '/', 'http://worker');
    const matching = routes.filter((candidate) => candidate.path.test(url.pathname));
    const found = matching.find((candidate) => candidate.method === method);
    if (found) {
      const params = (found.path.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
      return found.handle({ raw, url, params }, () => readBody(raw));
    }
    if (method === 'GET') return text('404: Not Found', 404);
    const allowed = new Set(['GET', 'HEAD', ...matching.map((candidate) => candidate.method)]);
    return text('405: Method Not Allowed', 405, { Allow: [...allowed].sort().join(',') });
  }

  return (request, response) => {
    answer(request)
      .catch((error: unknown) => {
        if (error instanceof AnswerNow) return error.answer;
        process.stderr.write(`Error handling request\n${error instanceof Error ? error.stack : String(error)}\n`);
        return troubled();
      })
      .then((result) => {
        send(response, request.method ?? 'GET', result);
        request.resume();
      })
      .catch((error: unknown) => process.stderr.write(`Could not answer: ${String(error)}\n`));
  };
}
