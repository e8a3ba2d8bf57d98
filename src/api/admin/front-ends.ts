import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { captureWords } from '#src/domain/front-end/capture-words.ts';
import { givenWords } from '#src/domain/front-end/fit.ts';
import type { FrontEndCaptures, FrontEndState } from '#src/ports/comfyui/front-end.ts';
import type { NodeCatalogues } from '#src/ports/comfyui/node-catalogue.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminFrontEndsDeps = {
  endpoints: Pick<EndpointStore, 'list'>;
  frontEndCaptures: FrontEndCaptures;
  nodeCatalogues: Pick<NodeCatalogues, 'notes'>;
};

const operator = operatorProcedure.use(seeing((deps): AdminFrontEndsDeps => deps));

const iso = (time: number): string => new Date(time).toISOString();

const keptOf = ({ kept }: FrontEndState, classes: number | null) =>
  kept && { ...kept, capturedAt: iso(kept.capturedAt), classes };

export const frontEnds = router({
  /** Where ComfyUI's page comes from: the operator's own, and what was read of each endpoint's workers. */
  list: operator.query(async ({ ctx: { deps } }) => {
    const [endpoints, states, notes] = await Promise.all([
      deps.endpoints.list(),
      deps.frontEndCaptures.states(),
      deps.nodeCatalogues.notes(),
    ]);
    const given = deps.frontEndCaptures.given();
    const required = states.find(({ kept }) => kept !== null)?.kept?.versions.requiredFrontEnd ?? null;
    return {
      given: given && givenWords(given.version, required),
      endpoints: states.flatMap((state) => {
        const endpoint = endpoints.find((one) => one.id === state.endpointId);
        if (!endpoint) return [];
        const { isPrimary, clashes, isRunning, failure } = state;
        return {
          id: endpoint.id,
          name: endpoint.name,
          pricePerHour: endpoint.pricePerHour,
          isPrimary,
          clashes,
          isRunning,
          kept: keptOf(state, notes.get(endpoint.id)?.classes ?? null),
          failure: failure && { at: iso(failure.at), ...captureWords(failure.fault) },
        };
      }),
    };
  }),
  /** Begins to read everything from a worker again, which may start a GPU. What came of it: `list`. */
  refresh: operator.input(z.object({ id })).mutation(async ({ ctx: { deps }, input }) => {
    const endpoint = (await deps.endpoints.list()).find((one) => one.id === input.id);
    if (!endpoint) throw new AppError('not_found', 'Endpoint not found.');
    if (!deps.frontEndCaptures.refresh(endpoint))
      throw new AppError('conflict', `The editor of "${endpoint.name}" is being read already.`);
    return { ok: true };
  }),
});
