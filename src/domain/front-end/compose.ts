import { type FrontEnd, type FrontEndFile, GATHERED, PAGE } from './front-end.ts';
import { asAddress, isNamedByContent, packOf } from './paths.ts';

/** Its place in `GET /extensions` is taken by our own. */
export const OWN_PACK = 'comfyume';

/** What was read of one endpoint's workers, and what was known before that. */
export type Source = {
  readonly endpointId: string;
  readonly frontEnd: FrontEnd;
  readonly previous: FrontEnd | null;
};

/** One page out of what is known. */
export type Composed = {
  /** Whose page it is; null = nobody's: there is none yet, or it is the operator's. */
  readonly primaryId: string | null;
  readonly hasPage: boolean;
  /** In the order in which they are looked at. */
  readonly sources: readonly Source[];
  readonly given: FrontEnd | null;
  /** The addresses of the modules of all node packs, each pack from one endpoint. */
  readonly extensions: readonly string[];
  /** By endpoint: node packs that it has otherwise than the one before it, and which are not served from it. */
  readonly clashes: ReadonlyMap<string, readonly string[]>;
  find(path: string): FrontEndFile | null;
};

const inside = ({ files, extras }: FrontEnd, path: string): FrontEndFile | null =>
  files.get(path) ?? extras.get(path) ?? null;

type Packs = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** By node pack: its files and their hashes. */
function packsOf({ files }: FrontEnd): Packs {
  const packs = new Map<string, Map<string, string>>();
  for (const [path, { sha256 }] of files) {
    const pack = packOf(path);
    if (pack === null || pack === OWN_PACK) continue;
    const known = packs.get(pack) ?? new Map<string, string>();
    packs.set(pack, known.set(path, sha256));
  }
  return packs;
}

const areSame = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([path, sha256]) => other.get(path) === sha256);

/** Templates and help are of any endpoint's. */
export const isOfAny = (path: string): boolean => /^(templates|docs|workflow_templates|global_subgraphs)\//.test(path);
const IS_GATHERED: ReadonlySet<string> = new Set(GATHERED);

/** `sources`: the preferred first. The page is the operator's own or the first one's, and so is everything that belongs to it; each node pack is whole from the first that has it. */
export function compose(sources: readonly Source[], given: FrontEnd | null): Composed {
  const [primary] = sources;
  const owners = new Map<string, { source: Source; files: ReadonlyMap<string, string> }>();
  const clashes = new Map<string, string[]>();
  for (const source of sources)
    for (const [pack, files] of packsOf(source.frontEnd)) {
      const owner = owners.get(pack);
      if (!owner) owners.set(pack, { source, files });
      else if (!areSame(owner.files, files))
        clashes.set(source.endpointId, [...(clashes.get(source.endpointId) ?? []), pack]);
    }

  const core = (given ?? primary?.frontEnd)?.extensions.filter((path) => packOf(path) === null) ?? [];
  const ofPacks = sources.flatMap((source) =>
    source.frontEnd.extensions.filter((path) => owners.get(packOf(path) ?? '')?.source === source),
  );

  function find(path: string): FrontEndFile | null {
    if (IS_GATHERED.has(path)) return null;
    const pack = packOf(path);
    if (pack !== null) {
      const owner = owners.get(pack)?.source;
      return owner ? inside(owner.frontEnd, path) : null;
    }
    const own = given && inside(given, path);
    if (own) return own;
    if (isOfAny(path)) {
      for (const { frontEnd } of sources) {
        const file = inside(frontEnd, path);
        if (file) return file;
      }
      return null;
    }
    if (!primary || (given && path === PAGE)) return null;
    const file = inside(primary.frontEnd, path);
    // A tab that was opened before an update still loads what it was made of.
    return file ?? (isNamedByContent(path) && primary.previous ? inside(primary.previous, path) : null);
  }

  return {
    primaryId: given ? null : (primary?.endpointId ?? null),
    hasPage: find(PAGE) !== null,
    sources,
    given,
    extensions: [...core, ...ofPacks].map(asAddress),
    clashes,
    find,
  };
}
