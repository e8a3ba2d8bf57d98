import type { IncomingMessage, ServerResponse } from 'node:http';

const CHECKS = 6;
/** For so long what still comes of a request that was answered already is read and dropped: otherwise its sender would not look at the answer. */
const MAX_LEFT_MS = 10_000;

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Calls `onStalled` when nothing of a body has arrived for so long: a laptop that sleeps never says so. */
export function watchBody(
  request: IncomingMessage,
  response: ServerResponse,
  stalledMs: number,
  onStalled: () => void,
): void {
  if (!hasBody(request)) return;
  let read = -1;
  let checks = 0;
  const timer = setInterval(() => {
    if (request.complete) return clearInterval(timer);
    const { bytesRead } = request.socket;
    checks = bytesRead > read ? 0 : checks + 1;
    read = bytesRead;
    if (checks < CHECKS) return;
    clearInterval(timer);
    onStalled();
  }, stalledMs / CHECKS);
  request.once('close', () => clearInterval(timer));
  response.once('finish', () => {
    if (request.complete) return;
    request.resume();
    const end = setTimeout(() => request.destroy(), MAX_LEFT_MS);
    request.once('close', () => clearTimeout(end));
    request.once('end', () => clearTimeout(end));
  });
}
