import type { IncomingMessage, ServerResponse } from 'node:http';

export type Pages = {
  readonly dev: boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** In development Next reloads pages over a socket of its own. */
  upgrades(path: string): boolean;
  close(): Promise<void>;
};

/** Next, for the pages only. It shares no run-time state with the rest: it bundles its own copy of whatever it imports. */
export async function openPages(dir: string, dev: boolean): Promise<Pages> {
  // Half a second of work, which a start that fails earlier and tests with pages of their own do without.
  const { default: next } = await import('next');
  const app = next({ dir, dev });
  await app.prepare();
  const handler = app.getRequestHandler();
  return {
    dev,
    handle: (request, response) => handler(request, response),
    upgrades: (path) => dev && path.startsWith('/_next/'),
    close: () => app.close(),
  };
}
