import { join } from 'node:path';
import { createFrontEndReader } from '#src/adapters/comfy/front-end/reader.ts';
import { readGivenFrontEnd } from '#src/adapters/files/front-ends/given.ts';
import { createFrontEndStore } from '#src/adapters/files/front-ends/store.ts';
import type { Config } from '#src/env.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Clock } from '#src/ports/random.ts';
import { createFrontEnds } from '../state/front-ends.ts';

type Deps = {
  keyOf: Parameters<typeof createFrontEndReader>[0];
  endpoints: EndpointStore;
  bus: Bus;
  clock: Clock;
};

/** ComfyUI's page without a GPU: where it is kept, who reads it, and what is made of it. */
export async function createEditorDeps(config: Config, { keyOf, endpoints, bus, clock }: Deps) {
  const frontEndStore = createFrontEndStore(join(config.dataDir, 'front-ends'));
  const givenFrontEnd =
    config.comfyuiFrontEnd === null ? null : await readGivenFrontEnd(config.comfyuiFrontEnd, frontEndStore.put);
  return {
    frontEndStore,
    givenFrontEnd,
    frontEndReader: createFrontEndReader(keyOf, { store: frontEndStore, clock }),
    frontEnds: createFrontEnds({ frontEndStore, givenFrontEnd, endpoints, bus }),
  };
}
