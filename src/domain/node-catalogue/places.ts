import type { InputKind } from '../files/input-kinds.ts';
import { typeByName } from '../files/type-by-name.ts';
import { isRecord } from '../workflow/graph.ts';
import { foldersOf } from '../workflow/needed-models.ts';
import type { Place, WorkerModels } from './catalogue.ts';
import { isList, isNoFile, isStoredFile, listsFiles, mayBeFile } from './foreign-names.ts';

export type PlaceRules = {
  readonly models: readonly WorkerModels[];
  /** Names of somebody's files, wherever they stand. */
  readonly foreign: ReadonlySet<string>;
};

type Context = {
  readonly classType: string;
  readonly input: string;
  readonly listsFiles: boolean;
  readonly kinds: readonly InputKind[] | null;
};

const isText = (value: unknown): value is string => typeof value === 'string';

const KINDS: Readonly<Record<string, readonly InputKind[]>> = {
  image_upload: ['image'],
  video_upload: ['video'],
  audio_upload: ['audio', 'video'],
  /** 3D, which nobody can upload. */
  file_upload: [],
};

/** Null = of every kind. */
function kindsOf(options: Readonly<Record<string, unknown>>): readonly InputKind[] | null {
  // What lies in another folder is no upload: the page asks for those names itself.
  if (typeof options.image_folder === 'string' && options.image_folder !== 'input') return [];
  const known = Object.keys(options).filter((key) => Object.hasOwn(KINDS, key));
  return known.length === 0 ? null : known.flatMap((key) => KINDS[key] ?? []);
}

const KIND_OF: Readonly<Record<string, InputKind>> = { image: 'image', video: 'video', audio: 'audio' };

/** A list that no flag explains: files of the kinds that are in it already. */
function kindsNamed(names: readonly string[]): readonly InputKind[] {
  const kinds = names.map((name) => KIND_OF[typeByName(name.replace(/ ?\[\w+\]$/, '')).kind]);
  return [...new Set(kinds.filter((kind) => kind !== undefined))];
}

/** The folders whose whole list is among these choices. Of two with the same list, the one that is known for such an input, else the first. */
function foldersListed(
  choices: ReadonlySet<unknown>,
  { classType, input }: Context,
  models: readonly WorkerModels[],
): WorkerModels[] {
  const usual = foldersOf(classType, input);
  const found: WorkerModels[] = [];
  const taken = new Set<string>();
  const inOrder = usual ? models.toSorted((a, b) => rank(usual, a) - rank(usual, b)) : models;
  for (const folder of inOrder) {
    const [first] = folder.files;
    const isEmpty = first === undefined && choices.size === 0 && usual?.includes(folder.name);
    if (first === undefined ? !isEmpty : taken.has(first) || !choices.has(first)) continue;
    if (!folder.files.every((name) => choices.has(name))) continue;
    for (const name of folder.files) taken.add(name);
    found.push(folder);
  }
  return found;
}
const rank = (usual: readonly string[], { name }: WorkerModels): number => (usual.includes(name) ? 0 : 1);

function placeFor(choices: readonly unknown[], context: Context, rules: PlaceRules): Place | null {
  const isForeign = (item: unknown): item is string => isText(item) && (rules.foreign.has(item) || mayBeFile(item));
  if (context.listsFiles)
    return { type: 'uploads', kinds: context.kinds, others: choices.filter(isText).filter(isNoFile) };
  const foreign = choices.filter(isForeign);
  if (foreign.length > 0) {
    const others = choices.filter(isText).filter((item) => !isForeign(item));
    return { type: 'uploads', kinds: kindsNamed(foreign), others };
  }
  const folders = foldersListed(new Set(choices), context, rules.models);
  if (folders.length === 0) return null;
  const files = new Set(folders.flatMap((folder) => folder.files));
  const start = choices.findIndex((choice) => isText(choice) && files.has(choice));
  const others = (part: readonly unknown[]): unknown[] =>
    part.filter((choice) => !isText(choice) || !files.has(choice));
  const at = Math.max(0, start);
  return {
    type: 'models',
    folders: folders.map(({ name }) => name),
    before: others(choices.slice(0, at)),
    after: others(choices.slice(at)),
  };
}

const CATEGORIES = new Set(['required', 'optional', 'hidden']);

/** A copy of what a class says of itself, without anybody's file names, in which `put` says what stands for a place. */
export function withPlaces(
  classType: string,
  info: unknown,
  rules: PlaceRules,
  put: (place: Place) => unknown,
): unknown {
  const within = (context: Context, options: unknown): Context =>
    isRecord(options) && listsFiles(options) ? { ...context, listsFiles: true, kinds: kindsOf(options) } : context;
  const isForeign = (text: string, context: Context): boolean =>
    rules.foreign.has(text) || isStoredFile(text) || (context.listsFiles && mayBeFile(text));

  function list(value: readonly unknown[], context: Context): unknown {
    const own = value.reduce(within, context);
    const isChoices = isList(value) || (value.length === 0 && (own.listsFiles || foldersOf(classType, own.input)));
    const place = isChoices ? placeFor(value, own, rules) : null;
    if (place) return put(place);
    return value.flatMap((item) => (isText(item) && isForeign(item, own) ? [] : [walk(item, own)]));
  }

  function record(value: Readonly<Record<string, unknown>>, context: Context, areInputs: boolean): unknown {
    const own = within(context, value);
    const isFile = (key: string, item: string): boolean =>
      isForeign(item, own) || (own.listsFiles && key === 'default' && !isNoFile(item));
    const kept = Object.entries(value).filter(
      ([key, item]) => !isForeign(key, own) && !(isText(item) && isFile(key, item)),
    );
    return Object.fromEntries(
      kept.map(([key, item]) => [
        key,
        walk(item, areInputs ? { ...own, input: key } : own, !areInputs && CATEGORIES.has(key)),
      ]),
    );
  }

  function walk(value: unknown, context: Context, areInputs = false): unknown {
    if (Array.isArray(value)) return list(value, context);
    return isRecord(value) ? record(value, context, areInputs) : value;
  }
  return walk(info, { classType, input: '', listsFiles: false, kinds: null });
}
