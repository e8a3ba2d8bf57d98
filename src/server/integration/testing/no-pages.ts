import type { Pages } from '#src/server/process/pages.ts';

/** Pages are looked at in a browser, elsewhere. */
export const noPages: Pages = {
  dev: false,
  async handle(_, response) {
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('no page\n');
  },
  upgrades: () => false,
  async close() {},
};
