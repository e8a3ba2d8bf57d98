import type { ModelFile } from '../workflow/needed-models.ts';
import type { ToldModels, WorkerModels } from './catalogue.ts';

/** Of files whose worker is too old to say which ones it takes for models. */
const MODEL_ENDING = /\.(safetensors|sft|ckpt|pt2?|pth|bin|gguf|pkl|onnx|yaml)$/i;

const slashed = (path: string): string => path.replaceAll('\\', '/').replace(/\/+$/, '');

/** Where a worker's folders of models lie, as it calls that place: what `checkpoints` has in front. */
function rootsOf(models: readonly ToldModels[]): string[] {
  const roots = models.flatMap(({ name, folders }) =>
    folders.map(slashed).flatMap((path) => (path.endsWith(`/${name}`) ? [path.slice(0, -name.length)] : [])),
  );
  return [...new Set(roots)];
}

/** The paths of a folder below the models' folder, such as `unet` and `diffusion_models`: it may have several. */
function pathsOf({ name, folders }: ToldModels, roots: readonly string[]): string[] {
  const paths = folders.map(slashed).map((path) => {
    const root = roots.find((one) => path.startsWith(one));
    return root === undefined ? path.slice(path.lastIndexOf('/') + 1) : path.slice(root.length);
  });
  return paths.length === 0 ? [name] : [...new Set(paths)];
}

export type SharedModel<File extends ModelFile = ModelFile> = {
  readonly name: string;
  /** Which of the folder's paths it lies below. */
  readonly pathIndex: number;
  readonly file: File;
};

/** What looks for models below one of the folders on top. */
type Taker<File extends ModelFile> = {
  readonly list: SharedModel<File>[];
  readonly rest: string;
  readonly pathIndex: number;
  readonly isModel: (name: string) => boolean;
};

const endingOf = (name: string): string => /\.[^./]*$/.exec(name)?.[0].toLowerCase() ?? '';

/** What a worker would list of each folder, by what lies on the share now. */
export function sharedModels<File extends ModelFile>(
  models: readonly ToldModels[],
  files: readonly File[],
): ReadonlyMap<string, readonly SharedModel<File>[]> {
  const roots = rootsOf(models);
  const takers = new Map<string, Taker<File>[]>();
  const lists = new Map<string, SharedModel<File>[]>();
  for (const folder of models) {
    const list: SharedModel<File>[] = [];
    lists.set(folder.name, list);
    const endings = folder.extensions && new Set(folder.extensions.map((one) => one.toLowerCase()));
    const isModel = (name: string): boolean =>
      endings ? endings.size === 0 || endings.has(endingOf(name)) : MODEL_ENDING.test(name);
    for (const [pathIndex, path] of pathsOf(folder, roots).entries()) {
      const [top = '', ...rest] = path.split('/');
      const own = takers.get(top) ?? [];
      own.push({ list, rest: rest.map((part) => `${part}/`).join(''), isModel, pathIndex });
      takers.set(top, own);
    }
  }
  for (const file of files)
    for (const { list, rest, isModel, pathIndex } of takers.get(file.folder) ?? [])
      if (file.name.startsWith(rest) && isModel(file.name))
        list.push({ name: file.name.slice(rest.length), pathIndex, file });
  return lists;
}

/** What a worker has told, with what of it was not on the share at that time: it lies on the workers themselves. */
export function withElsewhere(models: readonly ToldModels[], files: readonly ModelFile[] | null): WorkerModels[] {
  const shared = sharedModels(models, files ?? []);
  return models.map((folder) => {
    const here = new Set((shared.get(folder.name) ?? []).map(({ name }) => name));
    return { ...folder, elsewhere: folder.files.filter((name) => !here.has(slashed(name))) };
  });
}

/** The names in a folder. `isSure`: these are what workers see, whose own list had some of them. */
export type ModelList = { readonly names: readonly string[]; readonly isSure: boolean };
export type ModelLists = ReadonlyMap<string, ModelList>;

const isOnShare = ({ files, elsewhere }: WorkerModels): boolean => files.length > elsewhere.length;

/** From the share, where workers have told of files that lie there; else what they told. `files` null = the share cannot be seen. */
export function modelLists(models: readonly WorkerModels[], files: readonly ModelFile[] | null): ModelLists {
  const shared = sharedModels(models, files ?? []);
  const looksThere = files !== null && models.some(isOnShare);
  return new Map(
    models.map((folder): [string, ModelList] => {
      const here = (shared.get(folder.name) ?? []).map(({ name }) => name);
      const follows = looksThere || (files !== null && folder.files.length === 0);
      const names = follows ? [...new Set([...here, ...folder.elsewhere])] : folder.files;
      return [folder.name, { names, isSure: follows && isOnShare(folder) }];
    }),
  );
}
