import { setImmediate } from 'node:timers/promises';
import type { Catalogue } from '#src/domain/node-catalogue/catalogue.ts';
import { type CatalogueFacts, readCatalogue } from '#src/domain/node-catalogue/read-catalogue.ts';
import { withElsewhere } from '#src/domain/node-catalogue/shared-models.ts';
import { type Union, unionOf } from '#src/domain/node-catalogue/union.ts';
import type { CatalogueNote, NodeCatalogues } from '#src/ports/comfyui/node-catalogue.ts';
import type { Log } from '#src/ports/log.ts';
import type { ModelNames } from '#src/ports/share.ts';
import { createCatalogueFiles } from './catalogue-files.ts';

/** Of the event loop at a time: 20 MB take a second. */
const SLICE_MS = 8;

async function inSlices<Result>(work: Generator<void, Result>): Promise<Result> {
  let until = performance.now() + SLICE_MS;
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + SLICE_MS;
  }
}

type Known = { readonly note: CatalogueNote; readonly version: string };

/** A file per endpoint in `dir`, read when it is first asked for. */
export function createNodeCatalogues(deps: { dir: string; modelNames: ModelNames; log: Log }): NodeCatalogues {
  const files = createCatalogueFiles(deps.dir);
  const read = new Map<string, Promise<Catalogue | null>>();
  let known: Promise<Map<string, Known>> | null = null;
  let kept = 0;
  let lastUnion: { readonly version: string; readonly union: Promise<Union | null> } | null = null;

  const versionNow = (note: CatalogueNote): string => `${note.capturedAt}-${note.bytes}-${kept}`;
  function notes(): Promise<Map<string, Known>> {
    known ??= files.notes().then(
      (found) => new Map([...found].map(([id, note]) => [id, { note, version: versionNow(note) }])),
      (error: unknown) => {
        // Then nothing is known, and nothing is refused.
        deps.log.error({ err: error }, 'could not read what nodes the endpoints have');
        return new Map();
      },
    );
    return known;
  }

  async function load(endpointId: string): Promise<Catalogue | null> {
    for (const which of ['current', 'previous'] as const) {
      const stored = await files.read(endpointId, which).catch((error: unknown) => {
        deps.log.warn({ err: error, endpoint: endpointId }, 'could not read what nodes an endpoint has');
        return null;
      });
      if (!stored) continue;
      try {
        return await inSlices(readCatalogue(stored.objectInfo, stored));
      } catch (error) {
        deps.log.warn({ err: error, endpoint: endpointId, which }, 'what is stored of an endpoint’s nodes is broken');
      }
    }
    return null;
  }

  function of(endpointId: string): Promise<Catalogue | null> {
    const found = read.get(endpointId) ?? load(endpointId);
    read.set(endpointId, found);
    return found;
  }

  async function versionOf(endpointIds: readonly string[]): Promise<string> {
    const all = await notes();
    return endpointIds.flatMap((id) => (all.has(id) ? [`${id}:${all.get(id)?.version}`] : [])).join(' ');
  }

  async function unite(endpointIds: readonly string[]): Promise<Union | null> {
    const all = await notes();
    const found = new Map<string, Catalogue>();
    for (const id of endpointIds) {
      const catalogue = all.has(id) ? await of(id) : null;
      if (catalogue) found.set(id, catalogue);
    }
    return found.size === 0 ? null : unionOf(found);
  }

  return {
    notes: async () => new Map([...(await notes())].map(([id, { note }]) => [id, note])),
    of: async (endpointId) => ((await notes()).has(endpointId) ? of(endpointId) : null),
    versionOf,

    async union(endpointIds) {
      const version = await versionOf(endpointIds);
      if (lastUnion?.version !== version) lastUnion = { version, union: unite(endpointIds) };
      return lastUnion.union;
    },

    async keep(endpointId, objectInfo, { models, replaced, versions, capturedAt }) {
      const told: CatalogueFacts = { models: withElsewhere(models, await deps.modelNames.seen()), replaced };
      const catalogue = await inSlices(readCatalogue(objectInfo, told));
      const note = { versions, capturedAt, classes: catalogue.classes.size, bytes: Buffer.byteLength(objectInfo) };
      await files.write(endpointId, { ...told, note, objectInfo });
      const all = await notes();
      kept += 1;
      all.set(endpointId, { note, version: versionNow(note) });
      read.set(endpointId, Promise.resolve(catalogue));
      return note;
    },
  };
}
