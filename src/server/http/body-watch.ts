import type { IncomingMessage, ServerResponse } from 'node:http';

const CHECKS = 6;
/** What arrives more slowly than this may go on for ever. The slowest mobile connections bring ten times as much in a minute. */
const MIN_BYTES = 16_000;
/** For so long what still comes of a request that was answered already is read and dropped: otherwise its sender would not look at the answer. */
const MAX_LEFT_MS = 10_000;

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Calls `onStalled` when next to nothing of a body has arrived for so long: a laptop that sleeps never says so, and some send a byte now and then. */
export function watchBody(
  request: IncomingMessage,
  response: ServerResponse,
  stalledMs: number,
  onStalled: () => void,
): void {
  if (!hasBody(request)) return;
  const reads = [request.socket.bytesRead];
  const timer = setInterval(() => {
    if (request.complete) return clearInterval(timer);
    const { bytesRead } = request.socket;
    reads.push(bytesRead);
    if (reads.length <= CHECKS || bytesRead - (reads.shift() ?? 0) >= MIN_BYTES) return;
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
