import type { ServerResponse } from 'node:http';

/** A file shows itself and does nothing: no script in an SVG runs, nothing is loaded from elsewhere. */
export const INERT =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; base-uri 'none'; frame-ancestors 'self'; sandbox";
/** A whole file never changes under its id. */
export const KEEP = 'private, max-age=31536000, immutable';
/**
 * ComfyUI's page on another port shows these pictures. `same-site` would do, but Chromium takes two ports of one IP address for two sites. Other sites
 * get nothing all the same: the session's cookie is not sent from there.
 */
export const SHOWN_ELSEWHERE = 'cross-origin';

export const say = (
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(`${message}\n`);
};

export const noSuchFile = (response: ServerResponse): void => say(response, 404, 'File not found.');
