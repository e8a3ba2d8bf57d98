import { frontEndFiles, gathered, type StaticFile } from '../../front-end/front-end-files.ts';
import { atLeast, since } from '../version.ts';
import { type Answer, json, type Request, text } from './http.ts';
import { type Route, route } from './routes.ts';

/** The page and what it is made of, as of the update that the replica has just now. */
export function frontEndRoutes(worker: { version: string; update: number }): Route[] {
  const byUpdate = new Map<number, ReadonlyMap<string, StaticFile>>();
  const files = (): ReadonlyMap<string, StaticFile> => {
    const known = byUpdate.get(worker.update) ?? frontEndFiles(worker.update);
    byUpdate.set(worker.update, known);
    return known;
  };
  const notFound = (): Answer => text('404: Not Found', 404);
  const serve = (path: string): Answer => {
    const file = files().get(path);
    return file ? { status: 200, headers: { 'Content-Type': file.type }, body: file.body } : notFound();
  };
  const gathers = atLeast(worker.version, since.gathersSubgraphs);
  const subgraph = (id: string) => Object.entries(gathered.subgraphs).find(([key]) => key === id)?.[1] ?? null;
  return [
    {
      method: 'GET',
      path: /^\/$/,
      handle: () => {
        const page = serve('index.html');
        return { ...page, headers: { ...page.headers, 'Cache-Control': 'no-store, must-revalidate' } };
      },
    },
    route('GET', '/extensions', () =>
      json([...files().keys()].filter((path) => /^extensions\/.*\.js$/.test(path)).map((path) => `/${path}`)),
    ),
    route('GET', '/i18n', () => json(gathered.i18n)),
    route('GET', '/workflow_templates', () =>
      json({ 'simulated-pack': [...gathered.workflowTemplates['simulated-pack']] }),
    ),
    route('GET', '/workflow_templates/simulated-pack/demo.json', () =>
      json({ ...gathered.workflow, nodes: [], links: [] }),
    ),
    ...(gathers
      ? [
          route('GET', '/global_subgraphs', () =>
            json(
              Object.fromEntries(
                Object.entries(gathered.subgraphs).map(([id, { data: _data, ...rest }]) => [id, { ...rest, data: '' }]),
              ),
            ),
          ),
          route('GET', '/global_subgraphs/{}', ({ params }) => json(subgraph(params[0] ?? ''))),
          route('GET', '/node_replacements', () => json({})),
        ]
      : []),
    {
      method: 'GET',
      path: /^\/(?:assets|scripts|extensions|templates|docs)\/.+$/,
      handle: ({ url }: Request) => serve(decodeURIComponent(url.pathname.slice(1))),
    },
  ];
}
