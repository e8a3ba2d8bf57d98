import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Composed, compose, isOfAny, OWN_PACK } from '#src/domain/front-end/compose.ts';
import { type FrontEnd, type FrontEndFile, type Gathered, withExtras } from '#src/domain/front-end/front-end.ts';
import { mergeGathered } from '#src/domain/front-end/merge.ts';
import { isFileOfPage, packOf } from '#src/domain/front-end/paths.ts';
import { servedStats } from '#src/domain/front-end/system-stats.ts';
import type { FrontEndStore, FrontEnds, ServedFile } from '#src/ports/comfyui/front-end.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';

const MAX_WANTED = 500;
const MAX_ABSENT = 5000;
const MAX_USED = 5000;
const JSON_TYPE = 'application/json; charset=utf-8';

type Deps = {
  frontEndStore: Pick<FrontEndStore, 'all' | 'read'>;
  endpoints: Pick<EndpointStore, 'list'>;
  /** The operator's own page. */
  givenFrontEnd: FrontEnd | null;
  bus: Pick<Bus, 'listen'>;
};

const served = (bytes: Uint8Array, type: string): ServedFile => ({
  bytes,
  type,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

const parse = (bytes: Uint8Array | null): unknown => {
  try {
    return bytes && JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return null;
  }
};

/** ComfyUI's page out of what is kept; put together once for each change. */
export function createFrontEnds(deps: Deps): FrontEnds & {
  composed(): Promise<Composed>;
  /** Something else is kept now; `isNew`: of another version maybe. */
  changed(isNew: boolean): void;
  /** What somebody's page wanted and this endpoint may have. */
  wantedOf(endpointId: string): Promise<string[]>;
  /** They are not there, so nobody is asked for them again until something changes. */
  missed(paths: readonly string[]): void;
  /** In the order of their use. */
  extrasOf(frontEnd: FrontEnd): ReadonlyMap<string, FrontEndFile>;
} {
  const wanted = new LRUCache<string, true>({ max: MAX_WANTED });
  const absent = new LRUCache<string, true>({ max: MAX_ABSENT });
  const used = new LRUCache<string, true>({ max: MAX_USED });
  let known: Promise<Composed> | null = null;
  let gathered = new Map<Gathered, Promise<ServedFile>>();

  function forget(): void {
    known = null;
    gathered = new Map();
  }
  deps.bus.listen((signal) => {
    if (signal.type === 'settings.changed') forget();
  });

  async function read(): Promise<Composed> {
    const [endpoints, kept] = await Promise.all([deps.endpoints.list(), deps.frontEndStore.all()]);
    const preferred = [...endpoints.filter(({ enabled }) => enabled), ...endpoints.filter(({ enabled }) => !enabled)];
    const sources = preferred.flatMap(({ id }) => {
      const found = kept.get(id);
      return found ? [{ endpointId: id, frontEnd: found.current, previous: found.previous }] : [];
    });
    return compose(sources, deps.givenFrontEnd);
  }
  function composed(): Promise<Composed> {
    known ??= read().catch((error: unknown) => {
      forget();
      throw error;
    });
    return known;
  }

  async function contentOf({ files }: FrontEnd, path: string): Promise<unknown> {
    const file = files.get(path);
    return file ? parse(await deps.frontEndStore.read(file)) : null;
  }

  async function gather(what: Gathered): Promise<ServedFile> {
    let all: unknown = {};
    for (const { frontEnd } of (await composed()).sources)
      all = mergeGathered(all, (await contentOf(frontEnd, what)) ?? {});
    return served(Buffer.from(JSON.stringify(all)), JSON_TYPE);
  }

  return {
    composed,
    changed(isNew) {
      forget();
      if (isNew) absent.clear();
    },
    async wantedOf(endpointId) {
      const [first] = (await composed()).sources;
      const isFirst = first === undefined || first.endpointId === endpointId;
      return [...wanted.keys()].filter((path) => isFirst || isOfAny(path));
    },
    missed(paths) {
      for (const path of paths) {
        wanted.delete(path);
        absent.set(path, true);
      }
    },
    extrasOf(frontEnd) {
      const recent = new Map([...frontEnd.extras].filter(([path]) => used.has(path)));
      return withExtras(frontEnd, recent);
    },

    hasPage: async () => (await composed()).hasPage,
    async file(path) {
      const all = await composed();
      const file = all.find(path);
      const bytes = file && (await deps.frontEndStore.read(file));
      if (file && bytes) {
        if (all.sources.some(({ frontEnd }) => frontEnd.extras.has(path))) used.set(path, true);
        return { bytes, type: file.type, sha256: file.sha256 };
      }
      if (isFileOfPage(path) && packOf(path) !== OWN_PACK && !absent.has(path)) wanted.set(path, true);
      return null;
    },
    extensions: async () => (await composed()).extensions,
    gathered(what) {
      const found = gathered.get(what) ?? gather(what);
      gathered.set(what, found);
      found.catch(forget);
      return found;
    },
    async systemStats() {
      const { sources, given } = await composed();
      const [first] = sources;
      return servedStats(
        first ? await contentOf(first.frontEnd, 'system_stats') : null,
        given?.versions.frontEnd ?? null,
      );
    },
  };
}
