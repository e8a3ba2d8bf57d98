import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '#src/services/session/identify.ts';
import { setPagePolicy } from './page-policy.ts';
import type { Origins } from './requests.ts';

export type PageDeps = {
  /** Pages are made anew while they are worked on. */
  dev: boolean;
  pages: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
};

/** For those who are not signed in yet. */
const OPEN_PAGES: ReadonlySet<string> = new Set(['/login', '/join']);

const isAsset = (path: string): boolean => path.startsWith('/_next/') || /\.[a-z0-9]+$/i.test(path);

/** What Next answers, for those who may see it. */
export function createPageRoute(
  deps: PageDeps,
  origins: Origins,
  whoIs: (request: IncomingMessage, response: ServerResponse) => Promise<Identity | null>,
) {
  return async function page(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    setPagePolicy(request, response, origins.isHttps(request), deps.dev);
    request.url = url.pathname + url.search;
    if (!isAsset(url.pathname)) {
      const identity = await whoIs(request, response);
      if (!identity && !OPEN_PAGES.has(url.pathname)) {
        response.writeHead(302, {
          location: `/login?next=${encodeURIComponent(url.pathname + url.search)}`,
          'cache-control': 'no-store',
        });
        response.end();
        return;
      }
      // Next shows its own "not found" for a path that no page has.
      if (/^\/admin(\/|$)/.test(url.pathname) && identity?.actor.role !== 'operator')
        request.url = '/there-is-no-such-page';
    }
    await deps.pages(request, response);
  };
}
