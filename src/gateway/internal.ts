import { AppError } from '#src/domain/errors.ts';
import { ownName } from '#src/domain/files/preview-names.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { Routes } from './routes.ts';

/** Of what the page lets people choose from: the newest. */
const MAX_NAMES = 1000;
const PAGE = 200;

type Deps = { inputs: Pick<InputStore, 'list'>; results: Pick<ResultStore, 'list'> };
type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

async function newest<Item>(read: (cursor: string | null) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await read(cursor);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && all.length < MAX_NAMES);
  return all.slice(0, MAX_NAMES);
}

/** What ComfyUI's page asks its own server for besides its API. There are no logs of ours to read, and no folders. */
export function internalRoutes(deps: Deps): Routes {
  async function namesOf(userId: string, type: string): Promise<string[]> {
    if (type === 'input') {
      const uploads = await newest((cursor) =>
        deps.inputs.list({ userId, kind: null, words: [], limit: PAGE, cursor }),
      );
      return uploads.map(({ name }) => name);
    }
    const filter = type === 'temp' ? ({ previews: true } as const) : {};
    const results = await newest((cursor) => deps.results.list({ userId, filter, limit: PAGE, cursor }));
    return results
      .filter(({ preview }) => preview === (type === 'temp'))
      .map(({ path }) => ownName(path.slice(path.indexOf('/') + 1)));
  }

  return {
    async 'GET /internal/files/:type'({ actor, params: { type = '' }, say }) {
      if (!['input', 'output', 'temp'].includes(type))
        throw new AppError('invalid_input', 'There are the folders input, output and temp.');
      say((await namesOf(actor.userId, type)).map((name) => `${name} [${type}]`));
    },
    'GET /internal/logs': ({ say }) => say(''),
    'GET /internal/logs/raw': ({ say }) => say({ entries: [], size: { cols: 80, rows: 24 } }),
    'PATCH /internal/logs/subscribe': ({ say }) => say(null),
    'GET /internal/folder_paths': ({ say }) => say({}),
  };
}
