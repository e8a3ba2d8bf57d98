import { AppError } from '#src/domain/errors.ts';
import type { ToldModels, WorkerModels } from '#src/domain/node-catalogue/catalogue.ts';
import { modelLists, type SharedModel, sharedModels } from '#src/domain/node-catalogue/shared-models.ts';
import type { ModelFile } from '#src/domain/workflow/needed-models.ts';
import type { ModelFolder, ModelNames } from '#src/ports/share.ts';
import { knownNodes, type NodeDeps } from './nodes.ts';
import type { Routes } from './routes.ts';

type Deps = Pick<NodeDeps, 'endpoints' | 'nodeCatalogues'> & {
  modelNames: ModelNames;
  modelFolder: Pick<ModelFolder, 'metadata'>;
};

type Known = { readonly models: readonly WorkerModels[]; readonly files: readonly ModelFile[] | null };

/** Of which ComfyUI's newer list does not tell. */
const UNLISTED: ReadonlySet<string> = new Set(['configs', 'custom_nodes']);

const noFolder = (name: string): AppError => new AppError('not_found', `There is no folder of models named “${name}”.`);

/** As long as no worker has told of its folders, those on the share. */
const foldersOf = (files: readonly ModelFile[]): ToldModels[] =>
  [...new Set(files.map(({ folder }) => folder))].map((name) => ({
    name,
    folders: [name],
    extensions: null,
    files: [],
  }));

const withoutEnding = (name: string): string => name.replace(/\.[^./]*$/, '');

/** Models and their folders, as workers would list them, by what lies on the share now. */
export function modelRoutes(deps: Deps): Routes {
  async function known(): Promise<Known> {
    const files = await deps.modelNames.seen();
    const { union } = await knownNodes(deps);
    return { files, models: union?.models ?? foldersOf(files ?? []).map((told) => ({ ...told, elsewhere: [] })) };
  }

  const namesIn = ({ models, files }: Known, folder: string): readonly string[] | null =>
    modelLists(models, files).get(folder)?.names ?? null;

  async function names(folder: string): Promise<readonly string[]> {
    const found = namesIn(await known(), folder);
    if (!found) throw noFolder(folder);
    return found;
  }

  const inFull = ({ name, pathIndex, file }: SharedModel) => ({
    name,
    pathIndex,
    modified: (file.modifiedMs ?? 0) / 1000,
    created: (file.modifiedMs ?? 0) / 1000,
    size: file.bytes,
  });

  return {
    'GET /models': async ({ say }) => say((await known()).models.map(({ name }) => name)),
    'GET /models/:folder': async ({ params, say }) => say(await names(params.folder ?? '')),
    'GET /embeddings': async ({ say }) => say((namesIn(await known(), 'embeddings') ?? []).map(withoutEnding)),
    'GET /experiment/models': async ({ say }) =>
      say(
        (await known()).models
          .filter(({ name }) => !UNLISTED.has(name))
          .map(({ name, folders, extensions }) => ({ name, folders, ...(extensions && { extensions }) })),
      ),
    'GET /experiment/models/:folder': async ({ params: { folder = '' }, say }) => {
      const all = await known();
      const found = namesIn(all, folder);
      if (!found) throw noFolder(folder);
      const shared = sharedModels(all.models, all.files ?? []).get(folder) ?? [];
      const here = new Set(shared.map(({ name }) => name));
      // What lies on the workers themselves, of which nothing but the name is known.
      const elsewhere = found.filter((name) => !here.has(name)).map((name) => ({ name, pathIndex: 0 }));
      say([...shared.map(inFull), ...elsewhere]);
    },
    'GET /view_metadata/:folder': async ({ params: { folder = '' }, url, say }) => {
      const filename = url.searchParams.get('filename') ?? '';
      const all = await known();
      const found = sharedModels(all.models, all.files ?? [])
        .get(folder)
        ?.find(({ name }) => name === filename);
      const metadata = found ? await deps.modelFolder.metadata(found.file) : null;
      if (metadata === null)
        throw new AppError('not_found', 'There is no such model here, or it says nothing of itself.');
      say(metadata);
    },
  };
}
