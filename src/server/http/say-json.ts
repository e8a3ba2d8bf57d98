import type { ServerResponse } from 'node:http';

export function sayJson(response: ServerResponse, status: number, body: unknown): void {
  // A request that stopped arriving was answered before its reader heard of it.
  if (response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
